/** How a panel looks while it has nothing to show, or nothing new. */

import type { ApiProblem } from '../api/client.ts';
import type { Answer } from '../api/query.ts';
import { Warning } from './icons.tsx';

/** What somebody who sees a problem can do about it. */
export function advice(problem: ApiProblem): string {
  if (problem.status === 0) return 'Check the connection; the page tries again by itself.';
  if (problem.status === 429) return 'Too many questions at once; the page waits and tries again by itself.';
  if (problem.status >= 500) return 'This is passing as a rule; the page tries again by itself.';
  if (problem.status === 403) return 'This token may not read it: sign out and use another, or ask an administrator.';
  if (problem.status === 404) return 'It may be deleted, or the address is not quite right.';
  if (problem.status === 400 || problem.status === 422) return 'Choose another range, interval or time zone.';
  return 'Reload the page; if it stays, tell whoever looks after Headwater.';
}

/** What is wrong, in words: HTTP's own say nothing to most people. */
export function titleOf({ status, title }: ApiProblem): string {
  return status === 400 || status === 422 ? 'This cannot be answered as it is asked' : title;
}

export function ProblemBox({ problem, retry }: { readonly problem: ApiProblem; readonly retry: () => void }) {
  return (
    <div class="state problem" role="alert">
      <Warning />
      <div>
        <p class="state-title">{titleOf(problem)}</p>
        {problem.detail && <p>{problem.detail}</p>}
        {problem.errors
          .filter(({ detail }) => detail !== problem.detail)
          .map((error) => (
            <p key={error.parameter}>
              <code>{error.parameter}</code>: {error.detail}
            </p>
          ))}
        <p class="muted">{advice(problem)}</p>
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      </div>
    </div>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <div class="state">
      <div>
        <p class="state-title">{title}</p>
        <p class="muted">{children}</p>
      </div>
    </div>
  );
}

export function ChartSkeleton({ slow }: { readonly slow: boolean }) {
  return (
    <div class="skeleton-chart" role="status">
      <div class="skeleton-bars" aria-hidden="true">
        {Array.from({ length: 24 }, (_, index) => (
          <i key={index} />
        ))}
      </div>
      <p class={slow ? 'muted' : 'hidden'}>{slow ? 'Still asking: this takes longer than usual.' : 'Loading'}</p>
    </div>
  );
}

/** One line over old numbers that could not be brought up to date. */
export function StaleNote({ answer, at }: { readonly answer: Answer<unknown>; readonly at: string }) {
  if (!answer.error || !answer.data) return null;
  return (
    <p class="stale" role="status">
      <Warning />
      <span>
        These are the numbers of {at}. Bringing them up to date failed: {answer.error.detail || answer.error.title}
      </span>
      <button type="button" class="link" onClick={answer.retry}>
        Try now
      </button>
    </p>
  );
}

export function RowsSkeleton({ slow }: { readonly slow: boolean }) {
  return (
    <div class="skeleton-rows" role="status">
      <i />
      <i />
      <i />
      <span class={slow ? 'muted' : 'hidden'}>{slow ? 'Still asking: this takes longer than usual.' : 'Loading'}</span>
    </div>
  );
}
