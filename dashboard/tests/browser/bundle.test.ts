/** What the built site weighs, and what is in it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { DIST } from './browser.ts';

const BUDGET_BYTES = 250_000;
const page = readFileSync(join(DIST, 'index.html'), 'utf8');
const assets = readdirSync(join(DIST, 'assets'));
const weight = (name: string) => gzipSync(readFileSync(join(DIST, 'assets', name))).length;

it('needs less than 250 KB of JavaScript and CSS at first', () => {
  const first = assets.filter((name) => /\.(js|css)$/.test(name) && page.includes(name));
  const sizes = Object.fromEntries(first.map((name) => [name, weight(name)]));
  console.log('first load, gzipped bytes:', sizes);

  expect(first.length).toBeGreaterThanOrEqual(2);
  expect(Object.values(sizes).reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET_BYTES);
});

it('loads the charts only when they are needed', () => {
  const charts = assets.filter((name) => name.startsWith('echarts'));
  console.log('charts, gzipped bytes:', Object.fromEntries(charts.map((name) => [name, weight(name)])));

  expect(charts).toHaveLength(1);
  expect(page).not.toContain('echarts');
});

it('has no inline script or style, as the policy demands', () => {
  expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
});
