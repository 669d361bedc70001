/** The explorer: any question of any metric, shown in any way that means something; all of it in the address. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { type Metric, parseMetrics, parseSources, type Source } from '../../api/shapes.ts';
import { usePage } from '../../shell/page.ts';
import { useFrame, useParameters, withParameters } from '../../state/address.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Misread } from '../../ui/misread.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { type Chosen, chosenParameters, readChosen } from './chosen.ts';
import { Explorer } from './explorer.tsx';
import { WidgetBar } from './widget-bar.tsx';
import { readPlace } from './widget-trip.ts';
import './explore.css';

const NO_SOURCES: readonly Source[] = [];

export default function Explore() {
  const metrics = useQuery('/v1/metrics', parseMetrics, Infinity);
  const sources = useQuery('/v1/sources', parseSources).data ?? NO_SOURCES;
  return (
    <main id="content" tabIndex={-1} class="explore">
      {metrics.data === null && <PageHead title="Explore" />}
      <Loaded answer={metrics}>{(catalog) => <Page catalog={catalog} sources={sources} />}</Loaded>
    </main>
  );
}

interface PageProps {
  readonly catalog: readonly Metric[];
  readonly sources: readonly Source[];
}

function Page({ catalog, sources }: PageProps) {
  const [query, set] = useParameters();
  const { locale: viewer } = usePage();
  const { chosen, faults } = useMemo(() => readChosen(query), [query]);
  const place = useMemo(() => readPlace(query), [query]);
  const framing = useFrame();
  const titles = useMemo(() => new Map(sources.map(({ name, title }) => [name, title])), [sources]);
  const locale = useMemo(() => ({ ...viewer, zone: framing.frame.zone }), [viewer, framing.frame.zone]);
  const change = (part: Partial<Chosen>) => set(chosenParameters(part));
  return (
    <>
      <Misread faults={faults} />
      {place && <WidgetBar place={place} search={withParameters(`?${query.toString()}`, { widget: null })} />}
      <Explorer {...{ catalog, titles, chosen, change, framing, locale }} />
    </>
  );
}
