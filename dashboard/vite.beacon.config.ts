import { defineConfig } from 'vite';

/** `b.js`: one file without imports, beside the dashboard in `dist/`, for pages of any age of browser that still counts. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2020',
    emptyOutDir: false,
    minify: true,
    lib: { entry: 'beacon/b.ts', formats: ['iife'], name: 'headwaterBeacon', fileName: () => 'b.js' },
  },
});
