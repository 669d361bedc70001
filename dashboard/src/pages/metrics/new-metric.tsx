/** Make a metric of one's own. */

import { useLocation } from 'preact-iso';
import { useOnce } from '../../api/once.ts';
import { useAction, useQuery } from '../../api/query.ts';
import { parseMetrics } from '../../api/shapes.ts';
import { maySql } from '../../shell/page.ts';
import { Allowed } from '../../ui/allowed.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useTell } from '../../ui/notices.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { bodyOf, type Draft, NEW } from './definition.ts';
import { MetricForm } from './metric-form.tsx';
import { MayNot } from './may-not.tsx';
import './metrics.css';

export default function NewMetric() {
  const { route } = useLocation();
  const tell = useTell();
  const metrics = useQuery('/v1/metrics', parseMetrics);
  const post = useOnce();
  const make = useAction((client, draft: Draft) => post(client, '/v1/metrics', bodyOf(draft)), ['/v1/metrics']);
  return (
    <main id="content" tabIndex={-1}>
      <PageHead
        title="New metric"
        back={{ href: '/metrics', label: 'All metrics' }}
        note="Calculated of other metrics, or counted of events, for all of history."
      />
      <div class="panel">
        <Allowed may={maySql} otherwise={<MayNot />}>
          <Loaded answer={metrics}>
            {(all) => (
              <MetricForm
                start={NEW}
                standing={false}
                metrics={all}
                busy={make.busy}
                problem={make.problem}
                cancel="/metrics"
                submit={(draft) =>
                  void make.run(draft).then((done) => {
                    if (!done) return;
                    tell(draft.made === 'count' ? 'Made. It is computed for all of history now.' : 'Made.');
                    route(`/metrics/${encodeURIComponent(draft.name)}`);
                  })
                }
              />
            )}
          </Loaded>
        </Allowed>
      </div>
    </main>
  );
}
