/** Change a metric of one's own into its next version; whoever was faster is not overwritten unseen. */

import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { useAction, useApi, useQuery } from '../../api/query.ts';
import { type Metric, parseMetrics } from '../../api/shapes.ts';
import { maySql, usePage } from '../../shell/page.ts';
import { instant } from '../../time/format.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { bodyOf, type Definition, type Draft, parseDefinition } from './definition.ts';
import { MayNot } from './may-not.tsx';
import { MetricForm } from './metric-form.tsx';
import './metrics.css';

const pathOf = (name: string) => `/v1/metrics/${encodeURIComponent(name)}/definition`;

export default function ChangeMetric() {
  const { params } = useRoute();
  const name = params.name ?? '';
  const metrics = useQuery('/v1/metrics', parseMetrics);
  // Asked once: what is being changed must not change under one's hands.
  const answer = useQuery(pathOf(name), parseDefinition, Infinity);
  const back = `/metrics/${encodeURIComponent(name)}`;
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        back={{ href: back, label: 'Back to the metric' }}
        title={`Change ${answer.data?.draft.title ?? name}`}
        note="The next version is computed anew for all of history: numbers of two versions are never mixed."
      />
      <div class="panel">
        <Allowed may={maySql} otherwise={<MayNot />}>
          <Loaded answer={metrics}>
            {(all) => (
              <Loaded answer={answer}>
                {(definition) => (
                  <Change name={name} definition={definition} etag={answer.etag} metrics={all} back={back} />
                )}
              </Loaded>
            )}
          </Loaded>
        </Allowed>
      </div>
    </main>
  );
}

interface ChangeProps {
  readonly name: string;
  readonly definition: Definition;
  readonly etag: string | null;
  readonly metrics: readonly Metric[];
  readonly back: string;
}

interface Seen {
  readonly definition: Definition;
  readonly etag: string | null;
}

function Change({ name, definition, etag, metrics, back }: ChangeProps) {
  const { client } = useApi();
  const { route } = useLocation();
  const tell = useTell();
  const [seen, setSeen] = useState<Seen>({ definition, etag });
  /** What somebody else has made of it meanwhile. */
  const [newest, setNewest] = useState<Seen | null>(null);
  const save = useAction(
    (_, draft: Draft, over: string | null) =>
      client.change({ method: 'PUT', path: pathOf(name), body: bodyOf(draft), ifMatch: over }),
    ['/v1/metrics'],
  );
  const look = useAction(async () => {
    const reply = await client.ask({ path: pathOf(name) }, new AbortController().signal);
    setNewest({ definition: parseDefinition(reply.json), etag: reply.etag });
  });
  const conflict = save.problem?.status === 412;
  const send = async (draft: Draft, over: string | null) => {
    if (await save.run(draft, over)) {
      tell('Saved. The new version is computed anew.');
      route(back);
    } else await look.run();
  };
  return (
    <MetricForm
      key={seen.etag}
      start={seen.definition.draft}
      standing
      metrics={metrics}
      busy={save.busy}
      problem={save.problem}
      cancel={back}
      submit={(draft) => void send(draft, newest && conflict ? newest.etag : seen.etag)}
    >
      {conflict && newest && (
        <Conflict
          newest={newest.definition}
          load={() => {
            save.forget();
            setSeen(newest);
            setNewest(null);
          }}
        />
      )}
    </MetricForm>
  );
}

function Conflict({ newest, load }: { readonly newest: Definition; readonly load: () => void }) {
  const { locale, now } = usePage();
  return (
    <div class="stale" role="alert">
      <div>
        <p>
          <bdi>{newest.updatedBy || 'Somebody'}</bdi> changed this metric at {instant(newest.updatedAt, locale, now)},
          after you opened it (version {newest.version}). What you typed is still here: save it again to put it over
          that, or load the newest and lose what you typed.
        </p>
        <button type="button" class="button" onClick={load}>
          Load the newest
        </button>
      </div>
    </div>
  );
}
