/** Delete a metric of one's own, after a look at what asks for it. */

import { useQuery } from '../../api/query.ts';
import { results, text } from '../../api/json.ts';
import type { Metric } from '../../api/shapes.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { placeOf, type Use, USE_NAMES } from './uses.ts';

interface Props {
  readonly metric: Metric;
  readonly etag: string | null;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

const parseUses = (json: unknown): Use[] =>
  results(json).map((row) => ({ kind: text(row.kind), id: text(row.id), name: text(row.name) || text(row.id) }));

export function DeleteMetric({ metric, etag, onClose, onDeleted }: Props) {
  const path = `/v1/metrics/${encodeURIComponent(metric.name)}`;
  const uses = useQuery(`${path}/uses`, parseUses);
  return (
    <Confirm
      title={`Delete “${metric.title}”?`}
      action="Delete the metric"
      act={(client) => client.change({ method: 'DELETE', path: `${path}/definition`, ifMatch: etag })}
      changes={['/v1/metrics']}
      said="Deleted."
      onDone={onDeleted}
      onClose={onClose}
    >
      <div class="deleting">
        <p>Its numbers go with it; another metric of the same name later is another.</p>
        <UseList uses={uses.data} failed={uses.error !== null} />
      </div>
    </Confirm>
  );
}

function UseList({ uses, failed }: { readonly uses: readonly Use[] | null; readonly failed: boolean }) {
  if (!uses) {
    return <p class="muted">{failed ? 'What asks for it could not be found out.' : 'Looking what asks for it…'}</p>;
  }
  if (uses.length === 0) return <p>Nothing asks for it: no dashboard, alert, report or other metric.</p>;
  return (
    <>
      <p>These ask for it, and fail without it:</p>
      <ul class="uses">
        {uses.map((use) => {
          const place = placeOf(use);
          const name = <bdi class="cut">{use.name}</bdi>;
          return (
            <li key={`${use.kind} ${use.id}`}>
              <span class="muted">{USE_NAMES[use.kind] ?? use.kind}</span> {place ? <a href={place}>{name}</a> : name}
            </li>
          );
        })}
      </ul>
    </>
  );
}
