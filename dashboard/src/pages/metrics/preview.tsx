/** What an expression comes to over the last 30 days, while it is being written. */

import { useMemo } from 'preact/hooks';
import { useQuery } from '../../api/query.ts';
import { parseAnswer, toNumber } from '../../question/answer.ts';
import { figure } from '../../question/figure.ts';
import { usePage } from '../../shell/page.ts';
import { useSettled } from '../../ui/settled.ts';
import { type Checked, valueOf } from './expression.ts';

const PAUSE_MS = 500;

export function Preview({ checked, unit }: { readonly checked: Checked; readonly unit: string }) {
  const { locale } = usePage();
  const wanted = checked.tree && !checked.fault ? checked.names.join(' ') : '';
  const names = useSettled(wanted, PAUSE_MS);
  const ask = useMemo(() => {
    if (!names) return null;
    const metrics = names.split(' ');
    return { path: '/v1/query', body: { metrics, range: '30d', interval: 'P1D', tz: locale.zone, totals: true } };
  }, [names, locale.zone]);
  const answer = useQuery(ask, parseAnswer);
  if (!wanted || !checked.tree) {
    return <p class="form-hint metric-preview">What it comes to is shown here once it can be understood.</p>;
  }
  if (answer.error) {
    return <p class="field-problem metric-preview">{answer.error.errors[0]?.detail ?? answer.error.detail}</p>;
  }
  const { data } = answer;
  const total = data?.totals.find(({ group }) => group.members.length === 0) ?? data?.totals[0];
  const values = new Map(data?.metrics.map(({ name }, index) => [name, total?.figures[index]?.value ?? null]));
  if (!data || names !== wanted || answer.outdated) return <p class="form-hint metric-preview">Working it out…</p>;
  const numbers = new Map([...values].map(([name, value]) => [name, toNumber(value)]));
  const result = valueOf(checked.tree, numbers);
  return (
    <div class="metric-preview" role="status">
      <p>
        Over the last 30 days:{' '}
        <strong data-field="preview">
          {result === null ? 'no value' : figure(result, { unit, kind: 'derived' }, locale.language)}
        </strong>{' '}
        {result !== null && unit !== 'share' && <bdi>{unit}</bdi>}
      </p>
      <p class="form-hint">
        {data.metrics.map(({ name, title, unit: its, kind }, index) => (
          <span key={name}>
            {index > 0 && ' · '}
            <bdi>{title}</bdi> {figure(values.get(name) ?? null, { unit: its, kind }, locale.language)}
          </span>
        ))}
        {result === null && ' · something has no value, or is divided by zero'}
      </p>
    </div>
  );
}
