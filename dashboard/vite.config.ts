import type { HtmlTagDescriptor, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const EDGE = process.env['HEADWATER_EDGE'] ?? 'http://127.0.0.1:8080';

/** The code that most pages share is fetched beside the first, not after it. */
const commonAhead: Plugin = {
  name: 'common-ahead',
  transformIndexHtml: (_, { bundle = {} }) =>
    Object.values(bundle).flatMap(({ fileName }): HtmlTagDescriptor[] => {
      if (!/^assets\/common-.*\.(js|css)$/.test(fileName)) return [];
      const attrs = { href: `/${fileName}`, crossorigin: true };
      const kind = fileName.endsWith('.js') ? { rel: 'modulepreload' } : { rel: 'preload', as: 'style' };
      return [{ tag: 'link', injectTo: 'head', attrs: { ...kind, ...attrs } }];
    }),
};

// JSX is compiled by Vite itself (tsconfig's jsxImportSource), so Preact needs no plugin here.
export default defineConfig({
  plugins: [commonAhead],
  build: {
    target: 'es2022',
    // An inlined asset would be a data: URL, which the site's content security policy refuses.
    assetsInlineLimit: 0,
    // The polyfill is for browsers older than the target.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', test: /\/src\/main\.tsx$/, priority: 2 },
            { name: 'common', test: /\/src\//, minShareCount: 3, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 18601,
    // Where `make run` serves the dashboard and the API; `npm run dev` then needs no build.
    proxy: { '/api': EDGE, '/config.json': EDGE },
  },
  test: {
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}'], environment: 'node' } },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          // The whole system shares two processors with the browser: what fails twice has failed.
          retry: 1,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
          fileParallelism: false,
        },
      },
    ],
  },
});
