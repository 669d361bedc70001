/** Change a metric of one's own into its next version; whoever was faster is not overwritten unseen. */

import { useLocation, useRoute } from 'preact-iso';
import { useAction, useQuery } from '../../api/query.ts';
import { type Metric, parseMetrics } from '../../api/shapes.ts';
import { type Standing, useStanding } from '../../api/standing.ts';
import { maySql } from '../../shell/page.ts';
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
  const answer = useStanding(pathOf(name), parseDefinition);
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
                  <Change
                    key={answer.etag}
                    name={name}
                    definition={definition}
                    standing={answer}
                    metrics={all}
                    back={back}
                  />
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
  readonly standing: Standing<Definition>;
  readonly metrics: readonly Metric[];
  readonly back: string;
}

function Change({ name, definition, standing, metrics, back }: ChangeProps) {
  const { route } = useLocation();
  const tell = useTell();
  const save = useAction(
    (client, draft: Draft, over: string | null) =>
      client.change({ method: 'PUT', path: pathOf(name), body: bodyOf(draft), ifMatch: over }),
    ['/v1/metrics'],
  );
  const send = async (draft: Draft, over: string | null) => {
    if (!(await save.run(draft, over))) return;
    tell('Saved. The new version is computed anew.');
    route(back);
  };
  return (
    <MetricForm
      start={definition.draft}
      standing
      metrics={metrics}
      busy={save.busy}
      problem={save.problem}
      cancel={back}
      submit={(draft) => void send(draft, standing.etag)}
      meanwhile={(draft) => ({
        path: pathOf(name),
        what: 'this metric',
        onTake: standing.take,
        onKeep: (etag) => void send(draft, etag),
      })}
    />
  );
}
