/** What every list and form goes through: loading, failed, stale, there. */

import type { ComponentChildren } from 'preact';
import type { Answer } from '../api/query.ts';
import { usePage } from '../shell/page.ts';
import { instant } from '../time/format.ts';
import { ProblemBox, RowsSkeleton, StaleNote } from './states.tsx';

interface Props<T> {
  readonly answer: Answer<T>;
  readonly children: (data: T) => ComponentChildren;
  /** While nothing is there yet; rows unless said otherwise. */
  readonly skeleton?: ComponentChildren;
}

export function Loaded<T>({ answer, children, skeleton }: Props<T>) {
  const { locale, now } = usePage();
  const { data, error } = answer;
  if (data === null || answer.outdated) {
    if (error) return <ProblemBox problem={error} retry={answer.retry} />;
    return <>{skeleton ?? <RowsSkeleton slow={answer.slow} />}</>;
  }
  return (
    <>
      <StaleNote answer={answer} at={answer.fetchedAt ? instant(answer.fetchedAt, locale, now) : ''} />
      {children(data)}
    </>
  );
}
