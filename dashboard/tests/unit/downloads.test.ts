import { describe, expect, it } from 'vitest';
import { ApiProblem, type Ask, type Change, type Client, type FileReply, type Reply } from '../../src/api/client.ts';
import type { ChartInput } from '../../src/charts/input.ts';
import { fileNameOf } from '../../src/downloads/chart-file.ts';
import { parseExport, questionFile } from '../../src/downloads/question-file.ts';
import { escaped, sheetSvg } from '../../src/downloads/sheet-svg.ts';
import { sheetOf } from '../../src/downloads/sheet.ts';
import { chartSvg } from '../../src/downloads/svg-renderer.ts';
import { drawing } from '../../src/charts/options.ts';
import { HOSTILE } from '../charts/shown.ts';
import { LAST, table, type Wish } from '../charts/tables.ts';

const ASK: Ask = { path: '/v1/query', body: { metrics: ['downloads'], totals: true } };

function fake(file: () => Promise<FileReply>, states: readonly object[]) {
  const sent: (Ask | Change)[] = [];
  let at = 0;
  const next = () =>
    Promise.resolve({ status: 200, json: { id: 'e1', ...states[at++] }, etag: null, location: null } as Reply);
  const client: Client = {
    ask: (ask) => (sent.push(ask), next()),
    change: (change) => (sent.push(change), next()),
    wrote: () => null,
    file: (ask) => (sent.push(ask), file()),
  };
  const seen: string[] = [];
  const waits: number[] = [];
  const waiting = {
    signal: new AbortController().signal,
    onState: (state: string) => seen.push(state),
    wait: (ms: number) => (waits.push(ms), Promise.resolve()),
    key: () => 'k',
  };
  return { client, sent, seen, waits, waiting };
}
const refused = (status: number) => () => Promise.reject(new ApiProblem(status, 'no', ''));
const DONE = { state: 'done', filename: 'a.csv', link: 'https://s3.example/a.csv?x=1' };

describe('a file of a question', () => {
  it('that is small is answered at once', async () => {
    const blob = new Blob(['a,b\n']);
    const { client, sent, waiting } = fake(() => Promise.resolve({ blob, name: 'a.csv' }), []);

    expect(await questionFile(client, ASK, 'csv', waiting)).toEqual({ blob, name: 'a.csv' });
    expect(sent).toEqual([{ path: '/v1/query', body: { metrics: ['downloads'], totals: true, format: 'csv' } }]);
  });

  it.each([303, 422])('that is too large (%i) is an export, looked at until it is there', async (status) => {
    const { client, sent, seen, waits, waiting } = fake(refused(status), [
      { state: 'queued' },
      { state: 'running' },
      DONE,
    ]);

    expect(await questionFile(client, ASK, 'csv', waiting)).toEqual({ link: DONE.link, name: 'a.csv' });
    expect(seen).toEqual(['queued', 'running', 'done']);
    expect(waits).toEqual([400, 600]);
    expect(sent[1]).toMatchObject({
      path: '/v1/exports',
      body: { query: ASK.body, format: 'csv' },
      idempotencyKey: 'k',
    });
  });

  it('that is Excel or PDF is an export from the start', async () => {
    const { client, sent, waiting } = fake(refused(500), [DONE]);
    await questionFile(client, ASK, 'xlsx', waiting);

    expect(sent.map(({ path }) => path)).toEqual(['/v1/exports']);
  });

  it('that cannot be made says why', async () => {
    const { client, waiting } = fake(refused(303), [{ state: 'failed', error: 'Too many rows for a PDF.' }]);

    await expect(questionFile(client, ASK, 'pdf', waiting)).rejects.toThrow('Too many rows for a PDF.');
  });

  it('passes on what the API refuses', async () => {
    await expect(
      questionFile(fake(refused(400), []).client, ASK, 'csv', fake(refused(400), []).waiting),
    ).rejects.toMatchObject({
      status: 400,
    });
  });

  it('follows no link but to a page', () => {
    expect(() => parseExport({ id: 'x', state: 'done', link: 'javascript:alert(1)' })).toThrow('no address');
    expect(() => parseExport({ id: 'x', state: 'odd' })).toThrow('no state');
  });
});

function input(kind: ChartInput['kind'], wish: Wish = {}): ChartInput {
  const rest = { marks: [], thresholds: [], target: null, animate: false, narrow: false, theme: 'dark' } as const;
  return { kind, table: table(wish), locale: { language: 'en-GB', zone: 'UTC' }, hidden: new Set(), ...rest };
}
const measure = (text: string, size: number) => text.length * size * 0.55;

describe('the sheet around a chart', () => {
  it('says what, when, and up to when it is complete, within its edges', () => {
    const sheet = sheetOf('x'.repeat(300), input('line', { groups: HOSTILE, compared: true }), LAST, measure);
    const said = sheet.shapes.flatMap((shape) => (shape.shape === 'words' ? [shape] : []));

    expect(said[0]?.text).toMatch(/^x+…$/);
    expect(said[1]?.text.replaceAll(/\s/g, ' ')).toContain('28 Oct – 26 Nov 2026 · Day · UTC');
    expect(said.at(-1)?.text).toMatch(/^Complete up to 26 Nov, 09:00; what is dashed is still growing/);
    expect(said.map(({ text }) => text)).toContain('a year before');
    for (const { x, y, text, size } of said) {
      expect(x + measure(text, size)).toBeLessThanOrEqual(sheet.width);
      expect(y).toBeLessThan(sheet.height);
    }
  });

  it('keeps the legend to some rows', () => {
    const groups = Array.from({ length: 200 }, (_, index) => `a group with a name ${index}`);
    const sheet = sheetOf('t', input('line', { groups, buckets: 2 }), LAST, measure);

    expect(sheet.height).toBeLessThan(900);
    expect(sheet.shapes.some((shape) => shape.shape === 'words' && /^… and \d+ more$/.test(shape.text))).toBe(true);
  });

  it('is an SVG in which names are text', () => {
    const given = input('pie', { groups: [...HOSTILE, 'a\u0000b\ud800c'] });
    const sheet = sheetOf(HOSTILE[0], given, LAST, measure);
    const made = drawing({ ...given, theme: 'light' });
    const svg = sheetSvg(sheet, chartSvg('option' in made ? made.option : {}, 800, 400));

    expect(svg).toContain('&lt;img');
    expect(svg).not.toMatch(/<(img|script|foreignObject)|\son\w+="|javascript:/);
    expect(svg).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}]/u);
  });

  it('escapes what XML reads as its own', () => {
    expect(escaped(`<a b='c'>&"\u0001\ud800 😀</a>`)).toBe('&lt;a b=&#39;c&#39;&gt;&amp;&quot; 😀&lt;/a&gt;');
  });
});

it.each([
  ['Downloads by version', 'downloads-by-version-2026-10-28-to-2026-11-26.png'],
  ['../../etc <b>', 'etc-b-2026-10-28-to-2026-11-26.png'],
  ['', 'chart-2026-10-28-to-2026-11-26.png'],
  ['نسخة', 'نسخة-2026-10-28-to-2026-11-26.png'],
])('a file of “%s” is called %s', (title, name) => {
  expect(fileNameOf(title, input('line'), 'png')).toBe(name);
});
