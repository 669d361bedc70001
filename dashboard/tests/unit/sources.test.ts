import { describe, expect, it } from 'vitest';
import { parseSources } from '../../src/api/shapes.ts';

const answer = (row: object) => ({ results: [{ name: 's3_access_logs', title: 'S3 access logs', ...row }] });

describe('the state of a source', () => {
  it.each(['ok', 'late', 'silent', 'failing', 'rate_limited', 'never_run'])('knows %s', (state) => {
    expect(parseSources(answer({ state }))[0]?.state).toBe(state);
  });

  it('calls a state that it does not know unknown', () => {
    expect(parseSources(answer({ state: 'asleep' }))[0]?.state).toBe('unknown');
  });

  it('reads when a record last came, if one ever did', () => {
    const at = '2026-11-22T10:00:00Z';

    expect(parseSources(answer({ state: 'silent', last_record_at: at }))[0]?.lastRecordAt).toEqual(new Date(at));
    expect(parseSources(answer({ state: 'silent', last_record_at: null }))[0]?.lastRecordAt).toBeNull();
  });
});
