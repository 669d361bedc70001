/** The rows of a run as a chart: what kind, of which value, and a picture of it. */

import { useMemo, useRef, useState } from 'preact/hooks';
import type { Json } from '../../api/json.ts';
import type { ChartInput, ChartKind } from '../../charts/input.ts';
import { ChartPanel } from '../../charts/panel.tsx';
import { DownloadMenu } from '../../downloads/menu.tsx';
import { usePage } from '../../shell/page.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { KIND_NAMES } from '../../widgets/widget.ts';
import { type Chartable, tableOfRows, withValue } from './rows-chart.ts';

export function RowsChart({ drawn, rows }: { readonly drawn: Chartable; readonly rows: readonly Json[] }) {
  const { locale: viewer } = usePage();
  const [kind, setKind] = useState<ChartKind>(drawn.kinds[0] ?? 'bar');
  const [value, setValue] = useState<string | null>(null);
  const shown = useMemo(() => withValue(drawn, value), [drawn, value]);
  const table = useMemo(() => tableOfRows(shown, rows), [shown, rows]);
  // Times of SQL are UTC, and so are the days on the axis.
  const locale = useMemo(() => ({ ...viewer, zone: 'UTC' }), [viewer]);
  const seen = useRef<ChartInput | null>(null);
  const title = shown.values.map(({ name }) => name).join(', ');
  const by = [shown.by, ...shown.parts].map(({ name }) => name).join(', ');
  return (
    <>
      <div class="sql-chart-tools">
        <Segmented
          label="Kind of chart"
          options={drawn.kinds.map((one) => ({ value: one, label: KIND_NAMES[one] }))}
          value={kind}
          onChange={setKind}
        />
        {drawn.oneValue && drawn.values.length > 1 && (
          <label class="field">
            <span>Value</span>
            <select value={title} onChange={(event) => setValue(event.currentTarget.value)}>
              {drawn.values.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <DownloadMenu title={`${title} by ${by}`} seen={seen} />
      </div>
      <ChartPanel title={title} kind={kind} table={table} locale={locale} seen={seen} />
    </>
  );
}
