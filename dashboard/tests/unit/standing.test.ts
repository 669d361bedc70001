import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/api/client.ts';
import { isSame, lastChange, versionSeen } from '../../src/api/standing.ts';

const PATH = '/v1/channels/growth';

/** An API with one thing in it, which others can change, too. */
function world() {
  let [version, standing] = [
    1,
    { name: 'growth', per_minute: 60, changed_by: 'ada', changed_at: '2026-11-26T10:00:00Z' },
  ];
  const put = (part: Partial<typeof standing>) => {
    version += 1;
    standing = { ...standing, ...part };
  };
  const fetcher = ((_: string, { method, body }: RequestInit) => {
    if (method === 'PATCH') put(JSON.parse(body as string) as Partial<typeof standing>);
    return Promise.resolve(new Response(JSON.stringify(standing), { headers: { etag: `"${version}"` } }));
  }) as typeof fetch;
  const client = createClient(
    '/api',
    () => 't',
    fetcher,
    () => Promise.resolve(null),
  );
  return { client, put, seen: () => standing };
}

describe('what a list showed', () => {
  it('has the version of today while it is as it was seen', async () => {
    const { client, seen } = world();
    const shown = seen();
    await expect(versionSeen(client, PATH, (json) => isSame(json, shown))).resolves.toBe('"1"');
  });

  it('is not acted upon when somebody was faster, who is named', async () => {
    const { client, seen, put } = world();
    const shown = seen();
    put({ per_minute: 9, changed_by: 'grace' });
    await expect(versionSeen(client, PATH, (json) => isSame(json, shown))).rejects.toMatchObject({
      status: 412,
      detail: expect.stringContaining('grace has changed it') as string,
    });
  });

  it('may be behind one’s own change, and not behind another one after it', async () => {
    const { client, seen, put } = world();
    const shown = seen();
    await client.change({ method: 'PATCH', path: PATH, body: { per_minute: 7 }, ifMatch: '"1"' });
    await expect(versionSeen(client, PATH, (json) => isSame(json, shown))).resolves.toBe('"2"');
    put({ per_minute: 9 });
    await expect(versionSeen(client, PATH, (json) => isSame(json, shown))).rejects.toMatchObject({ status: 412 });
  });

  it('was changed last by whom the API says', () => {
    const at = new Date('2026-11-26T10:00:00Z');
    expect(lastChange({ updated_by: 'ada', updated_at: '2026-11-26T10:00:00Z' })).toEqual({ by: 'ada', at });
    expect(lastChange({ changed_by: 'ada', changed_at: '2026-11-26T10:00:00Z' })).toEqual({ by: 'ada', at });
    expect(lastChange({ name: 'growth' })).toEqual({ by: null, at: null });
  });
});
