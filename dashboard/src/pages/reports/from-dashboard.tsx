/** Parts that are widgets of a dashboard: one by one, or all of them. */

import { useMemo, useState } from 'preact/hooks';
import type { Json } from '../../api/json.ts';
import { text } from '../../api/json.ts';
import { useQuery } from '../../api/query.ts';
import { viewerZone } from '../../time/zones.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Plus } from '../../ui/icons.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { type DashboardData, type Listed, LIST_PATH, parseDashboard, parseListed } from '../dashboards/dashboard.ts';
import { type Known, partOfWidget, partWords } from './parts.ts';

interface Props {
  readonly known: Known;
  readonly onAdd: (parts: readonly Json[]) => void;
}

const NONE: readonly Listed[] = [];

export function FromDashboard({ known, onAdd }: Props) {
  const listed = useQuery(LIST_PATH, parseListed).data ?? NONE;
  const [id, setId] = useState<string | null>(null);
  const dashboard = useQuery(id === null ? null : `/v1/dashboards/${encodeURIComponent(id)}`, parseDashboard);
  const choices = useMemo(
    () =>
      listed.map((one) => ({
        value: one.id,
        label: one.name,
        hint: one.seeded ? '' : (one.owner ?? ''),
        also: one.description,
      })),
    [listed],
  );
  return (
    <>
      <Combobox
        label="A dashboard"
        shown={listed.find((one) => one.id === id)?.name ?? ''}
        prompt="Choose a dashboard"
        choices={choices}
        nothing="No dashboard is called that."
        onChoose={setId}
      />
      {id !== null && (
        <Loaded answer={dashboard}>{(found) => <Widgets dashboard={found} known={known} onAdd={onAdd} />}</Loaded>
      )}
    </>
  );
}

function Widgets({ dashboard, known, onAdd }: Props & { readonly dashboard: DashboardData }) {
  const parts = useMemo(
    () =>
      dashboard.widgets
        .map((widget) => partOfWidget(widget, dashboard, viewerZone(), known.metrics))
        .filter((part) => part !== null),
    [dashboard, known],
  );
  if (parts.length === 0) return <p class="note">Nothing on it asks for numbers.</p>;
  return (
    <>
      <ul class="report-offer" aria-label={`Widgets of ${dashboard.name}`}>
        {parts.map((part, at) => (
          <li key={at}>
            <div class="report-asked">
              <bdi class="cut-lines">{text(part.title)}</bdi>
              <span class="form-hint report-words">
                <bdi>{partWords(part, known)}</bdi>
              </span>
            </div>
            <button type="button" class="button small" onClick={() => onAdd([part])}>
              <Plus /> Add<span class="hidden"> {text(part.title)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div>
        <button type="button" class="button" onClick={() => onAdd(parts)}>
          Add all {parts.length}
        </button>
      </div>
    </>
  );
}
