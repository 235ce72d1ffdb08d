import { defineConfig } from 'vitest/config';

/** `unit`: pure rules beside their code. `integration`: real PostgreSQL, HTTP, WebSocket and processes. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/architecture.test.ts'],
          testTimeout: 20_000, // some make a whole world, beside whatever else the machine does
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/**/*.test.ts'],
          exclude: ['test/architecture.test.ts', 'test/browser/**'],
          globalSetup: ['test/postgres-setup.ts'],
          testTimeout: 120_000, // a busy machine takes four times as long
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
