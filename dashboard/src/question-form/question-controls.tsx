/** A question's controls, each with what the API says of it: the explorer asks by them, and so do widgets. */

import { type ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Metric } from '../api/shapes.ts';
import { inCommon, knownMetrics } from '../question/dimensions.ts';
import type { Frame, Question } from '../question/question.ts';
import type { ControlProps } from './control.tsx';
import { FilterControl } from './filter-control.tsx';
import { GroupsControl } from './groups-control.tsx';
import type { Shape } from './kinds.ts';
import { MetricsControl } from './metrics-control.tsx';
import { MANY_GROUPS_TOP, TopControl } from './top-control.tsx';
import { TransformControl } from './transform-control.tsx';
import './question-form.css';

/** What the controls decide of a question. */
export type Cut = Pick<Question, 'metrics' | 'groupBy' | 'filter' | 'top' | 'transform'>;

interface Props extends ControlProps {
  readonly cut: Cut;
  readonly catalog: readonly Metric[];
  /** Titles of sources by name. */
  readonly titles: ReadonlyMap<string, string>;
  readonly shape: Shape;
  readonly frame: Frame;
  readonly most: number;
  readonly metricsLabel?: string;
  /** What shows one number has no groups. */
  readonly ungrouped?: boolean;
  readonly inForm?: boolean;
  /** What else is chosen of few. */
  readonly children?: ComponentChildren;
  readonly onChange: (part: Partial<Cut>) => void;
}

export function QuestionControls(props: Props) {
  const { cut, catalog, titles, most, metricsLabel, inForm, problem, onChange } = props;
  return (
    <div class={inForm ? 'ask in-form' : 'ask'}>
      <MetricsControl
        {...(metricsLabel ? { label: metricsLabel } : {})}
        chosen={cut.metrics}
        metrics={catalog}
        sources={titles}
        most={most}
        problem={problem}
        onChange={(metrics) => onChange({ metrics })}
      />
      {cut.metrics.length > 0 && <Rest {...props} />}
    </div>
  );
}

/** What can be said once there is a metric. */
function Rest({ cut, catalog, shape, frame, ungrouped, inForm = false, problem, children, onChange }: Props) {
  const { metrics, groupBy, filter, top, transform } = cut;
  const dimensions = useMemo(() => inCommon(knownMetrics(metrics, catalog)), [metrics, catalog]);
  return (
    <>
      {(!ungrouped || groupBy.length > 0) && (
        <GroupsControl
          chosen={groupBy}
          dimensions={dimensions}
          problem={problem}
          onChange={(next) =>
            onChange({
              groupBy: next,
              top: next.length === 0 ? null : groupBy.length === 0 ? MANY_GROUPS_TOP : top,
            })
          }
        />
      )}
      <FilterControl
        filter={filter}
        dimensions={dimensions}
        metric={metrics[0] ?? null}
        frame={frame}
        problem={problem}
        inForm={inForm}
        onChange={(next) => onChange({ filter: next })}
      />
      <div class="ask-fields">
        {(!ungrouped || top !== null) && (
          <TopControl
            top={top}
            grouped={groupBy.length > 0}
            problem={problem}
            onChange={(next) => onChange({ top: next })}
          />
        )}
        <TransformControl
          key={transform}
          transform={transform}
          shape={shape}
          problem={problem}
          onChange={(next) => onChange({ transform: next })}
        />
        {children}
      </div>
    </>
  );
}
