import { describe, expect, it, vi } from 'vitest';

// The routes' own module looks at the address as it is loaded.
vi.stubGlobal('location', { pathname: '/' });
const { firstAsks, pageAt } = await import('../../../src/shell/ahead.ts');

describe('what is asked for a page before its code is there', () => {
  it.each([
    ['/', ['/v1/preferences', '/v1/dashboards/overview']],
    ['/overview', ['/v1/dashboards/overview']],
    ['/web-traffic', ['/v1/dashboards/web-traffic']],
    ['/dashboards/d-1', ['/v1/dashboards/d-1']],
    ['/dashboards/a%2Fb', ['/v1/dashboards/a%2Fb']],
    ['/explore', ['/v1/metrics', '/v1/sources']],
    ['/alerts/new', []],
    ['/no/such/page', []],
    ['/dashboards/%E0%A4%A', []],
  ])('%s', (path, asks) => {
    expect(firstAsks(path).map((ask) => ask.path)).toEqual(asks);
  });

  it('is a page of its own before it is one of many', () => {
    expect(pageAt('/alerts/new')?.route.path).toBe('/alerts/new');
    expect(pageAt('/alerts/17')).toMatchObject({ route: { path: '/alerts/:id' }, params: { id: '17' } });
  });
});
