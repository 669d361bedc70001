/** What the built site weighs, and what is in it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { DIST } from './browser.ts';

/** Every page waits for these; the bound is 250 KB. */
const FIRST_BYTES = 85_000;
/** Of the code of one page, the SQL editor and the charts apart. */
const PAGE_BYTES = 20_000;
const CHARTS_BYTES = 195_000;
const page = readFileSync(join(DIST, 'index.html'), 'utf8');
const assets = readdirSync(join(DIST, 'assets'));
const weight = (name: string) => gzipSync(readFileSync(join(DIST, 'assets', name))).length;

const isApart = (name: string) => /^(first|common|echarts|svg-renderer|sql)-/.test(name);

it('needs less than 85 KB of JavaScript and CSS at first', () => {
  const first = assets.filter((name) => /\.(js|css)$/.test(name) && page.includes(name));
  const sizes = Object.fromEntries(first.map((name) => [name, weight(name)]));
  console.log('first load, gzipped bytes:', sizes);

  // The code that most pages share is named in the page, so that it comes beside the first and not after it.
  expect(first.map((name) => name.split('-')[0]).sort()).toEqual(['common', 'common', 'first', 'first']);
  expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_BYTES);
});

it('has little more to load for any page', () => {
  const parts = assets.filter((name) => /\.(js|css)$/.test(name) && !isApart(name));

  expect(parts.length).toBeGreaterThan(20);
  for (const name of parts) expect(weight(name), name).toBeLessThan(PAGE_BYTES);
});

it('loads the charts only when they are needed', () => {
  const charts = assets.filter((name) => name.startsWith('echarts'));
  console.log('charts, gzipped bytes:', Object.fromEntries(charts.map((name) => [name, weight(name)])));

  expect(charts).toHaveLength(1);
  expect(weight(charts[0] ?? '')).toBeLessThan(CHARTS_BYTES);
  expect(page).not.toContain('echarts');
});

it('has no inline script or style, as the policy demands', () => {
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});
