/** The question's controls, each with what the API says of it. */

import { useMemo } from 'preact/hooks';
import type { ApiProblem } from '../../api/client.ts';
import type { Metric } from '../../api/shapes.ts';
import type { Frame } from '../../question/question.ts';
import { Panel } from '../../ui/panel.tsx';
import type { Chosen } from './chosen.ts';
import { MANY_GROUPS_TOP } from './chosen.ts';
import { Faults } from './faults.tsx';
import { FilterControl } from './filter-control.tsx';
import type { Shape } from './kinds.ts';
import { MetricsControl } from './metrics-control.tsx';
import { GroupsControl, TopControl, TransformControl } from './shape-controls.tsx';
import { faultsOf } from './suggestions.ts';

interface Props {
  readonly catalog: readonly Metric[];
  readonly titles: ReadonlyMap<string, string>;
  readonly chosen: Chosen;
  readonly change: (part: Partial<Chosen>) => void;
  readonly shape: Shape;
  readonly frame: Frame;
  readonly problem: ApiProblem | null;
  readonly known: readonly Metric[];
}

export function Controls({ catalog, titles, chosen, change, shape, frame, problem, known }: Props) {
  return (
    <Panel title="Question" class="explore-question">
      <MetricsControl
        chosen={chosen.metrics}
        metrics={catalog}
        sources={titles}
        problem={problem}
        onChange={(metrics) => change({ metrics })}
      />
      {chosen.metrics.length > 0 && <Rest {...{ chosen, change, shape, frame, problem, known }} />}
    </Panel>
  );
}

/** What can be said once there is a metric. */
function Rest({ chosen, change, shape, frame, problem, known }: Omit<Props, 'catalog' | 'titles'>) {
  const dimensions = useMemo(() => inCommon(known), [known]);
  return (
    <>
      <GroupsControl
        chosen={chosen.groupBy}
        dimensions={dimensions}
        problem={problem}
        // Without a bound a dimension of pages or campaigns has hundreds of lines.
        onChange={(groupBy) =>
          change({
            groupBy,
            top: groupBy.length === 0 ? null : chosen.groupBy.length === 0 ? MANY_GROUPS_TOP : chosen.top,
          })
        }
      />
      <FilterControl
        filter={chosen.filter}
        dimensions={dimensions}
        metric={chosen.metrics[0] ?? null}
        frame={frame}
        problem={problem}
        onChange={(filter) => change({ filter })}
      />
      <div class="explore-fields">
        <TopControl
          top={chosen.top}
          grouped={chosen.groupBy.length > 0}
          problem={problem}
          onChange={(top) => change({ top })}
        />
        <TransformControl
          key={chosen.transform}
          transform={chosen.transform}
          shape={shape}
          problem={problem}
          onChange={(transform) => change({ transform })}
        />
      </div>
      <Faults
        faults={faultsOf(problem, ['interval', 'range', 'from', 'to', 'tz', 'compare', 'match'])}
        text=""
        onCorrect={() => undefined}
      />
    </>
  );
}

/** The dimensions that all of the metrics have. */
function inCommon(metrics: readonly Metric[]): readonly string[] {
  const [first, ...rest] = metrics;
  return first?.dimensions.filter((name) => rest.every(({ dimensions }) => dimensions.includes(name))) ?? [];
}
