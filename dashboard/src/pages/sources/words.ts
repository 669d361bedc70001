/** Sources in words: how they come, when, and what to do about how they stand. Pure. */

import type { Source, SourceKind, SourceState } from '../../api/shapes.ts';
import { duration } from '../../time/format.ts';
import type { Job, JobState } from './shapes.ts';

export const KIND_WORDS: Record<SourceKind, string> = {
  pull: 'Asked for ranges of time',
  snapshot: 'Asked how it stands now',
  arriving: 'Sent to us',
};

/** When it runs, in a sentence or two. */
export function scheduleWords({ kind, schedule, configured }: Source, language: string): string {
  if (!configured) return 'It has no section in config/sources.toml and so it does not run: add one and deploy.';
  if (schedule.every === null) return KIND_WORDS[kind];
  const every = duration(schedule.every, language);
  const delay = schedule.delay > 0 ? duration(schedule.delay, language) : null;
  const silent = schedule.silentAfter
    ? ` Without a record for ${duration(schedule.silentAfter, language)} it is called silent.`
    : '';
  if (kind === 'snapshot') return `Asked every ${every} how it stands then.${silent}`;
  if (kind === 'arriving') {
    const late = delay ? `; what comes up to ${delay} late is still counted where it belongs` : '';
    return `Sent to us, and taken in at least every ${every}${late}.${silent}`;
  }
  const settled = delay ? `, ${delay} later, when that has settled` : '';
  return `Asked every ${every} for the time that is over${settled}.${silent}`;
}

interface ToDo {
  readonly say: string;
  readonly runbook: string;
}

/** What somebody who looks after it does next, and where that is written in full. */
export function toDo(state: SourceState): ToDo | null {
  switch (state) {
    case 'late':
      return {
        say: 'Its next commit is overdue. This is passing as a rule; if it stays, look whether it runs at all.',
        runbook: '/runbooks/source-late.html',
      };
    case 'silent':
      return {
        say: 'We listen, but nothing comes. Look at the sender: was its webhook, its logging or its script taken away?',
        runbook: '/runbooks/source-silent.html',
      };
    case 'failing':
      return {
        say: 'Its last run failed, and it is tried again by itself. What the error says decides what to do.',
        runbook: '/runbooks/source-failing.html',
      };
    case 'rate_limited':
      return {
        say: 'It asked us to wait, or its budget is spent. It goes on by itself; nothing is lost.',
        runbook: '/runbooks/source-rate-limited.html',
      };
    case 'never_run':
      return {
        say: 'Nothing has happened yet: it runs within its schedule after a deployment, if it is configured.',
        runbook: '/runbooks/source-stalled.html',
      };
    default:
      return null;
  }
}

/** How far behind now it may be before anybody minds: a window, and what it takes to settle. */
export function usualLag({ schedule }: Source): number | null {
  return schedule.every === null ? null : schedule.every + schedule.delay;
}

export const JOB_WORDS: Record<JobState, { readonly word: string; readonly tone: string }> = {
  queued: { word: 'Waits for its turn', tone: 'idle' },
  running: { word: 'At work', tone: 'busy' },
  waiting: { word: 'Tried again later', tone: 'warn' },
  done: { word: 'Done', tone: 'good' },
  cancelled: { word: 'Cancelled', tone: 'idle' },
  failed: { word: 'Failed', tone: 'bad' },
};

export const JOB_NAMES: Record<Job['kind'], string> = { backfill: 'Backfill', replay: 'Replay' };

/** `31 of 92 windows`. */
export function progressWords({ kind, done, total, state }: Job, number: (n: number) => string): string {
  const what = kind === 'replay' ? 'commits' : 'windows';
  if (total === 0) return state === 'queued' ? 'not begun' : `no ${what} to look at`;
  return `${number(done)} of ${number(total)} ${what}`;
}
