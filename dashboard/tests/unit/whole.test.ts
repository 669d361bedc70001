import { describe, expect, it } from 'vitest';
import type { Ask, Reply } from '../../src/api/client.ts';
import { askListed, whole } from '../../src/api/whole.ts';

const signal = new AbortController().signal;

/** A list of so many pages; `asked` has the addresses in order. */
function pages(count: number) {
  const asked: string[] = [];
  const ask = ({ path }: Ask): Promise<Reply> => {
    const page = asked.push(path);
    const meta = { next_cursor: page < count ? `c&${page}` : null };
    return Promise.resolve({ status: 200, json: { results: [{ page }], meta }, etag: `"${page}"`, location: null });
  };
  return { asked, client: { ask } };
}
const rows = ({ json }: Reply) => (json as { results: { page: number }[] }).results.map(({ page }) => page);

describe('a list', () => {
  it.each([1, 3])('of %i pages is asked for in full, and answered as one', async (count) => {
    const { asked, client } = pages(count);
    const reply = await askListed(client, whole('/v1/x?limit=2'), signal);
    expect(rows(reply)).toEqual([1, 2, 3].slice(0, count));
    expect(asked).toEqual(
      ['/v1/x?limit=2', '/v1/x?limit=2&cursor=c%261', '/v1/x?limit=2&cursor=c%262'].slice(0, count),
    );
    expect(reply).toMatchObject({ status: 200, etag: '"1"', json: { meta: { next_cursor: null } } });
  });

  it('is its first page where nobody wants the whole', async () => {
    const { asked, client } = pages(3);
    expect(rows(await askListed(client, { path: '/v1/x' }, signal))).toEqual([1]);
    expect(asked).toEqual(['/v1/x']);
  });

  it('without an end is left, and names what follows', async () => {
    const { asked, client } = pages(Infinity);
    const reply = await askListed(client, whole('/v1/x'), signal);
    expect(asked).toHaveLength(20);
    expect(reply.json).toMatchObject({ meta: { next_cursor: 'c&20' } });
  });
});
