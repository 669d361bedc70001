import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSources, type Source } from '../../../src/api/shapes.ts';
import { pageOfThisSite, parseIncidents } from '../../../src/pages/alerts/incidents.ts';
import { incidentsOf } from '../../../src/pages/sources/incidents.ts';
import { lagWidth } from '../../../src/pages/sources/lag-bar.tsx';
import { daysProblem, rangeOf } from '../../../src/pages/sources/range.ts';
import { byReason, parseJobs, parseRejected, secondsLeft } from '../../../src/pages/sources/shapes.ts';
import { needsALook } from '../../../src/pages/sources/sources.tsx';
import { progressWords, scheduleWords, toDo } from '../../../src/pages/sources/words.ts';

const ROW = {
  name: 'youtube_channels',
  title: 'YouTube channels',
  kind: 'pull',
  state: 'ok',
  last_commit: { seq: 12, at: '2026-11-22T10:00:00Z' },
  watermark: '2026-11-22T10:00:00Z',
  lag_s: 3_600,
  records: { ok: 228, rejected: 3, duplicate: 1 },
  rejected: 3,
  failures: 0,
  configured: true,
  schedule: { every_s: 3_600, delay_s: 600, silent_after_s: null },
  can: { backfill: true, again: false, replay: true },
};
const source = (part: object = {}): Source => parseSources({ results: [{ ...ROW, ...part }] })[0] as Source;

describe('a source', () => {
  it('is read with what may be asked of it', () => {
    expect(source()).toMatchObject({
      commits: 12,
      records: { ok: 228, duplicate: 1 },
      schedule: { every: 3_600, delay: 600, silentAfter: null },
      can: { backfill: true, again: false, replay: true },
    });
  });

  it('of an older API is offered nothing that it may not know', () => {
    const { can, schedule } = source({ can: undefined, schedule: undefined });

    expect(can).toEqual({ backfill: false, again: false, replay: false });
    expect(schedule.every).toBeNull();
  });

  it('says when it runs, by how it comes', () => {
    expect(scheduleWords(source(), 'en')).toBe(
      'Asked every 1 hr for the time that is over, 10 min later, when that has settled.',
    );
    const arriving = { kind: 'arriving', schedule: { every_s: 300, delay_s: 900, silent_after_s: 86_400 } };
    expect(scheduleWords(source(arriving), 'en')).toBe(
      'Sent to us, and taken in at least every 5 min; what comes up to 15 min late is still counted where it belongs.' +
        ' Without a record for 1 day it is called silent.',
    );
    expect(scheduleWords(source({ configured: false }), 'en')).toContain('config/sources.toml');
  });

  it('needs a look when it is not well, or has set something aside', () => {
    expect(needsALook(source({ rejected: 0 }))).toBe(false);
    expect(needsALook(source({ rejected: 1 }))).toBe(true);
    expect(needsALook(source({ state: 'late', rejected: 0 }))).toBe(true);
  });

  it('that is not well says what to do and where to read on', () => {
    for (const state of ['late', 'silent', 'failing', 'rate_limited', 'never_run'] as const) {
      expect(pageOfThisSite(toDo(state)?.runbook)).not.toBeNull();
    }
    expect(toDo('ok')).toBeNull();
  });

  it('has a bar that stays in its frame', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000, max: 10 ** 9 }), (lag) => {
        const width = lagWidth(source({ lag_s: lag })) as number;
        return width >= 2 && width <= 90;
      }),
    );
    expect(lagWidth(source({ lag_s: null }))).toBeNull();
  });
});

describe('what was set aside', () => {
  const record = (id: string, reason: string) => ({ id, at: '2026-11-22T10:00:00Z', reason, record: '<b>' });

  it('is grouped by its reason, in the order in which it was answered', () => {
    const page = parseRejected({
      results: [record('3-0-0', 'no name'), record('2-0-0', 'no id'), record('1-0-0', 'no name')],
      meta: { next_cursor: 'abc', warnings: ['one is not shown'] },
    });

    expect(byReason(page.items).map(({ reason, items }) => [reason, items.map(({ id }) => id)])).toEqual([
      ['no name', ['3-0-0', '1-0-0']],
      ['no id', ['2-0-0']],
    ]);
    expect([page.next, page.warnings]).toEqual(['abc', ['one is not shown']]);
  });

  it('without a time is no answer as agreed', () => {
    expect(() => parseRejected({ results: [{ id: '1' }], meta: {} })).toThrow('not as agreed');
  });
});

describe('a job', () => {
  const job = (part: object) => {
    const row = {
      id: 'j',
      kind: 'backfill',
      state: 'running',
      created_at: '2026-11-22T10:00:00Z',
      ranges: [],
      ...part,
    };
    return parseJobs({ results: [row] })[0] as ReturnType<typeof parseJobs>[number];
  };
  const now = new Date('2026-11-22T10:10:00Z');
  const started = '2026-11-22T10:00:00Z';

  it('is guessed to take as long as it has so far', () => {
    expect(secondsLeft(job({ done: 1, total: 4, started_at: started }), now)).toBe(1_800);
    expect(secondsLeft(job({ done: 0, total: 4, started_at: started }), now)).toBeNull();
    expect(secondsLeft(job({ done: 4, total: 4, started_at: started }), now)).toBeNull();
    expect(secondsLeft(job({ state: 'waiting', done: 1, total: 4, started_at: started }), now)).toBeNull();
  });

  it('says how far it is in windows or commits', () => {
    expect(progressWords(job({ done: 31, total: 92 }), String)).toBe('31 of 92 windows');
    expect(progressWords(job({ kind: 'replay', done: 1, total: 1 }), String)).toBe('1 of 1 commits');
    expect(progressWords(job({ kind: 'replay', state: 'queued' }), String)).toBe('not begun');
  });
});

describe('the days of a backfill', () => {
  it('end with the end of the last one, in their zone', () => {
    expect(rangeOf({ from: '2026-11-01', through: '2026-11-01', zone: 'UTC' })).toEqual({
      from: '2026-11-01T00:00:00Z',
      to: '2026-11-02T00:00:00Z',
    });
    expect(rangeOf({ from: '2026-10-25', through: '2026-10-25', zone: 'Europe/Berlin' })).toEqual({
      from: '2026-10-24T22:00:00Z', // the day of the clock change has 25 hours
      to: '2026-10-25T23:00:00Z',
    });
  });

  it('have to be days, in their order', () => {
    expect(daysProblem({ from: '2026-11-02', through: '2026-11-01', zone: 'UTC' })).toHaveProperty('through');
    expect(daysProblem({ from: '', through: '2026-11-01', zone: 'UTC' })).toHaveProperty('from');
    expect(daysProblem({ from: '2026-11-01', through: '2026-11-01', zone: 'UTC' })).toBeNull();
  });
});

describe('incidents', () => {
  const times = { since: '2026-11-22T09:00:00Z', opened_at: '2026-11-22T09:05:00Z' };
  const incident = (part: object) => ({ subject: 'x_accounts', runbook: '/runbooks/a.html', ...times, ...part });

  it('of a source are its own and those of what belongs to it', () => {
    const { incidents: all } = parseIncidents({
      results: [incident({}), incident({ subject: 'x_accounts/expiry' }), incident({ subject: 'x_accounts_2' })],
    });

    expect(incidentsOf('x_accounts', all).map(({ subject }) => subject)).toEqual(['x_accounts', 'x_accounts/expiry']);
  });

  it('lead to a page of this site and to nothing else', () => {
    expect(pageOfThisSite('/runbooks/source-late.html')).toBe('/runbooks/source-late.html');
    for (const elsewhere of ['javascript:alert(1)', '//evil.example/runbooks/a.html', 'https://x.example', null]) {
      expect(pageOfThisSite(elsewhere)).toBeNull();
    }
  });
});
