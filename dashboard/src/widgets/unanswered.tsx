/** A widget without numbers: why, and what can be done about it. */

import type { ApiProblem } from '../api/client.ts';
import { type Answered, knownFrom } from '../question/answer.ts';
import { useFrame } from '../state/address.ts';
import { instant, type Locale, span } from '../time/format.ts';
import type { Interval } from '../time/range.ts';
import { Empty, ProblemBox, titleOf } from '../ui/states.tsx';

interface Props {
  readonly problem: ApiProblem;
  readonly retry: () => void;
  readonly tile: boolean;
  readonly interval: Interval;
  /** The widget has a range of its own, which the page's does not change. */
  readonly fixed: boolean;
}

export function Unanswered({ problem, retry, tile, interval, fixed }: Props) {
  const gone = problem.errors.find(({ parameter }) => /^metrics?(\[|$)/.test(parameter));
  if (gone)
    return (
      <div class="state" role="alert">
        <div>
          <p class="state-title">What this asks for is gone</p>
          <p class="muted">{gone.detail} Change or remove this widget where the dashboard is edited.</p>
        </div>
      </div>
    );
  if (isTooFine(problem, interval)) return <NoHours tile={tile} fixed={fixed} />;
  if (!tile) return <ProblemBox problem={problem} retry={retry} />;
  return (
    <div class="tile-problem" role="alert">
      <p title={problem.detail}>{titleOf(problem)}</p>
      <TryAgain retry={retry} />
    </div>
  );
}

export function TryAgain({ retry }: { readonly retry: () => void }) {
  return (
    <button type="button" class="link" onClick={retry}>
      Try again
    </button>
  );
}

/** Hours were asked of what is told by the day. */
export function isTooFine({ errors }: Pick<ApiProblem, 'errors'>, interval: Interval): boolean {
  return (interval === 'PT1H' || interval === 'PT15M') && errors.some(({ parameter }) => parameter === 'interval');
}

/** Nothing is wrong: some sources know no hours. */
function NoHours({ tile, fixed }: { readonly tile: boolean; readonly fixed: boolean }) {
  const { change } = useFrame();
  const longer = !fixed && (
    <button type="button" class="link" onClick={() => change({ range: '7d', interval: null })}>
      Show 7 days
    </button>
  );
  if (tile)
    return (
      <div class="tile-problem calmly">
        <p class="muted">Told by the day, not by the hour</p>
        {longer}
      </div>
    );
  return (
    <div class="state">
      <div>
        <p class="state-title">Told by the day, not by the hour</p>
        <p class="muted">Its source has no finer numbers. Choose a longer range, or the interval “Day”.</p>
        {longer}
      </div>
    </div>
  );
}

interface NothingProps {
  readonly answer: Answered;
  readonly locale: Locale;
  readonly now: Date;
}

/** Nothing was counted, or nothing is known yet: which of them is no detail. */
export function Nothing({ answer, locale, now }: NothingProps) {
  const { title, words } = nothingWords(answer, locale, now);
  return <Empty title={title}>{words}</Empty>;
}

export function nothingWords(answer: Answered, locale: Locale, now: Date): { title: string; words: string } {
  const { watermark, metrics, transform } = answer;
  if (!knownFrom(answer))
    return {
      title: 'Not known yet',
      words: watermark
        ? `The source is complete up to ${instant(watermark, locale, now)}, before this range begins. Choose a longer one.`
        : 'The source has told nothing yet.',
    };
  if (transform)
    return { title: 'Too short a range', words: 'What is shown needs more periods than it has: choose a longer one.' };
  const counted = metrics[0]?.kind === 'counter' || metrics[0]?.kind === 'unique';
  const range = span(answer.from, answer.to, locale);
  return {
    title: `No ${counted && metrics[0]?.unit !== 'money' ? metrics[0]?.unit : 'numbers'} in this range`,
    words: `${counted ? 'Nothing was counted' : 'There is no value'} ${range}. Choose a longer or an earlier range.`,
  };
}
