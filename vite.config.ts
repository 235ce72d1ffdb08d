import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** One build, two environments: the React app for the browser and the program for Node. */
export default defineConfig({
  root: 'web',
  plugins: [react(), tailwindcss()],
  environments: {
    client: { build: { outDir: '../dist/web', emptyOutDir: true, target: 'es2022' } },
    ssr: {
      build: {
        outDir: '../dist/server',
        emptyOutDir: true,
        ssr: '../src/main.ts',
        target: 'node20',
        minify: false,
        sourcemap: true,
        rollupOptions: { output: { entryFileNames: 'main.js', chunkFileNames: '[name]-[hash].js' } },
      },
    },
  },
  builder: {},
  // `npm run dev:web`: the page with hot reload, in front of the program that `npm run dev` runs.
  server: { proxy: { '^/api/|^/videos/[^/]+/(stream|poster)': 'http://127.0.0.1:3000' } },
});
