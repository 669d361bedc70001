/** The fields of a widget's question: the explorer's own controls, and in which days and how finely it differs from the
 * dashboard. */

import { useMemo } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import type { Metric } from '../../api/shapes.ts';
import { knownMetrics } from '../../question/dimensions.ts';
import { COMPARE_NAMES, COMPARES, type Frame, MOST_METRICS, type Question } from '../../question/question.ts';
import type { Shape } from '../../question-form/kinds.ts';
import { QuestionControls } from '../../question-form/question-controls.tsx';
import { INTERVAL_NAMES, INTERVALS } from '../../time/range.ts';
import { PRESETS, rangeWords } from '../../time/words.ts';
import { ChoiceField, optionsOf } from '../../ui/fields.tsx';
import { problemOf } from '../../ui/form.tsx';
import type { WidgetKind } from '../../widgets/widget.ts';
import { isOneNumber } from './new-widget.ts';

interface Props {
  readonly kind: WidgetKind;
  readonly question: Question;
  readonly metrics: readonly Metric[];
  readonly titles: ReadonlyMap<string, string>;
  readonly frame: Frame;
  readonly problem: ApiProblem | null;
  readonly onChange: (part: Partial<Question>) => void;
}

const THE_DASHBOARDS = { value: '', label: 'the dashboard’s' } as const;
const RANGES = [THE_DASHBOARDS, ...PRESETS.map(({ value, long }) => ({ value, label: long }))];
const FINE = [THE_DASHBOARDS, ...optionsOf(INTERVALS, INTERVAL_NAMES)];

export function QuestionFields({ kind, question, metrics, titles, frame, problem, onChange }: Props) {
  const { interval, compare, range } = question;
  const known = useMemo(() => knownMetrics(question.metrics, metrics), [question.metrics, metrics]);
  const shape: Shape = { metrics: known, grouped: question.groupBy.length > 0, transform: question.transform };
  const word = typeof range === 'string' && PRESETS.some(({ value }) => value === range) ? range : null;
  const said = word ?? (range === null ? '' : rangeWords(range));
  const oneNumber = isOneNumber(kind);
  const compared = [
    { value: '' as const, label: kind === 'tile' ? 'the period before' : 'nothing' },
    ...optionsOf(COMPARES, COMPARE_NAMES),
  ];
  return (
    <QuestionControls
      cut={question}
      catalog={metrics}
      titles={titles}
      shape={shape}
      frame={frame}
      most={kind === 'scatter' ? 2 : oneNumber ? 1 : MOST_METRICS}
      metricsLabel={kind === 'scatter' ? 'Metrics: across, then up' : oneNumber ? 'Metric' : 'Metrics'}
      ungrouped={oneNumber}
      inForm
      problem={problem}
      onChange={onChange}
    >
      <ChoiceField
        label="Compared with"
        name="compare"
        value={compare ?? ''}
        options={compared}
        problem={problemOf(problem, 'compare')}
        onChoose={(value) => onChange({ compare: value || null })}
      />
      <ChoiceField
        label="Range"
        name="range"
        value={said}
        options={RANGES.some(({ value }) => value === said) ? RANGES : [...RANGES, { value: said, label: said }]}
        problem={problemOf(problem, 'range')}
        onChoose={(value) => onChange({ range: value === said ? range : value || null })}
      />
      <ChoiceField
        label="Interval"
        name="interval"
        value={interval ?? ''}
        options={FINE}
        problem={problemOf(problem, 'interval')}
        onChoose={(value) => onChange({ interval: value || null })}
      />
    </QuestionControls>
  );
}
