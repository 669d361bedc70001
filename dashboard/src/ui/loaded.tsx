/** What every list and form goes through: loading, failed, stale, there. */

import type { ComponentChildren } from 'preact';
import type { Answer } from '../api/query.ts';
import { usePage } from '../shell/page.ts';
import { instant } from '../time/format.ts';
import { PageHead, type Back } from './page-head.tsx';
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

interface PageProps<T> extends Props<T> {
  /** What kind of thing the page shows: its heading until the thing itself is there, or when it is not. */
  readonly title: string;
  readonly back: Back;
}

/** A page of one thing: it has a heading and a way back while it loads, and when there is no such thing. */
export function LoadedPage<T>({ title, back, ...props }: PageProps<T>) {
  const there = props.answer.data !== null && !props.answer.outdated;
  return (
    <>
      {!there && <PageHead title={title} back={back} />}
      <Loaded {...props} />
    </>
  );
}
