import { useMemo, useState } from 'preact/hooks';
import type { Json } from '../../api/json.ts';
import type { ChartKind } from '../../charts/input.ts';
import { ChartPanel } from '../../charts/panel.tsx';
import { usePage } from '../../shell/page.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { KIND_NAMES } from '../../widgets/widget.ts';
import { type Chartable, tableOfRows } from './rows-chart.ts';

export function RowsChart({ drawn, rows }: { readonly drawn: Chartable; readonly rows: readonly Json[] }) {
  const { locale: viewer } = usePage();
  const [kind, setKind] = useState<ChartKind>(drawn.kinds[0] ?? 'bar');
  const table = useMemo(() => tableOfRows(drawn, rows), [drawn, rows]);
  // Times of SQL are UTC, and so are the days on the axis.
  const locale = useMemo(() => ({ ...viewer, zone: 'UTC' }), [viewer]);
  return (
    <>
      <Segmented
        label="Kind of chart"
        options={drawn.kinds.map((value) => ({ value, label: KIND_NAMES[value] }))}
        value={kind}
        onChange={setKind}
      />
      <ChartPanel title={drawn.values.map(({ name }) => name).join(', ')} kind={kind} table={table} locale={locale} />
    </>
  );
}
