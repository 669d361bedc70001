/** The chart of a rule on the past, with what its lines and grounds mean. One group at a time: a hundred cannot be read. */

import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../../charts/chart.tsx';
import type { Unit } from '../../question/figure.ts';
import { usePage } from '../../shell/page.ts';
import { number } from '../../time/format.ts';
import type { Interval } from '../../time/range.ts';
import { useMedia } from '../../ui/browser.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { messageMarks, showsFirst } from './chart-facts.ts';
import { alertDrawing, marksOf } from './chart-option.ts';
import { firingSpans, type Line, type What } from './preview.ts';
import type { Condition } from './rule.ts';

export interface ChartedMessage {
  readonly what: What;
  readonly at: Date;
  /** Of the bucket that it is about; where that is not known, it is the last that had ended. */
  readonly start?: Date | null;
  readonly subject: string;
}

interface Props {
  readonly line: Line;
  readonly condition: Condition;
  readonly interval: Interval;
  readonly zone: string;
  readonly unit: Unit;
  readonly told: readonly ChartedMessage[];
  /** They were sent; else they would have been. */
  readonly sent?: boolean;
  readonly label: string;
}

export function AlertChart({ line, condition, interval, zone, unit, told, sent = false, label }: Props) {
  const { locale: viewer, theme } = usePage();
  const [chosen, setChosen] = useState<'value' | 'held' | null>(null);
  const shows = chosen ?? showsFirst(condition);
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const narrow = useMedia('(max-width: 600px)');
  const locale = useMemo(() => ({ ...viewer, zone }), [viewer, zone]);
  const messages = useMemo(() => messageMarks(line, told), [line, told]);
  const drawing = useMemo(() => {
    const { points } = line;
    const animate = !calm && points.length < 400;
    return alertDrawing({ points, shows, condition, messages, interval, unit, locale, theme, animate, narrow });
  }, [line, shows, condition, messages, interval, unit, locale, theme, calm, narrow]);
  const spans = useMemo(() => firingSpans(line.points), [line]);
  return (
    <div class="alerts-chart" data-group={line.key} data-spans={spans.length} data-messages={messages.length}>
      {condition.kind === 'change' && (
        <Segmented
          label="What is drawn"
          options={[
            { value: 'held', label: 'The change' },
            { value: 'value', label: 'The value' },
          ]}
          value={shows}
          onChange={setChosen}
        />
      )}
      <Chart
        drawing={drawing}
        label={`${label}. It would have fired ${times(spans.length, locale.language)} here; the list below has each message.`}
      />
      <Key condition={condition} shows={shows} hasMessages={messages.length > 0} sent={sent} />
    </div>
  );
}

const times = (count: number, language: string) => (count === 1 ? 'once' : `${number(count, language)} times`);

interface KeyProps {
  readonly condition: Condition;
  readonly shows: 'value' | 'held';
  readonly hasMessages: boolean;
  readonly sent: boolean;
}

/** What is drawn, in words. */
function Key({ condition, shows, hasMessages, sent }: KeyProps) {
  const { bad, well } = marksOf(condition, shows);
  return (
    <ul class="alerts-key" aria-label="What the chart shows">
      <li>
        <i class="alerts-key-line" /> {shows === 'held' ? 'The change' : 'The value'}
      </li>
      {bad !== null && (
        <li>
          <i class="alerts-key-bad" /> Bad from here on
        </li>
      )}
      {well !== null && (
        <li>
          <i class="alerts-key-well" /> Well again
        </li>
      )}
      {condition.kind === 'anomaly' && (
        <li>
          <i class="alerts-key-usual" /> What is usual
        </li>
      )}
      <li>
        <i class="alerts-key-firing" /> Firing
      </li>
      <li>
        <i class="alerts-key-pending" /> Pending, or nothing known
      </li>
      {hasMessages && (
        <li>
          <span aria-hidden="true" class="alerts-key-marks">
            <b class="bad">▲</b>
            <b class="good">●</b>
          </span>{' '}
          {sent ? 'A message that was sent' : 'A message'}: fired, recovered
        </li>
      )}
    </ul>
  );
}
