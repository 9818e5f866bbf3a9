import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

/** Projects by what they need: pure and database tests, and web units in a DOM. Browser tests drive a real Chromium from node. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['tests/{server,collectors,contract,architecture,faults}/**/*.test.ts'],
          globalSetup: ['tests/setup/sample-data.ts', 'tests/setup/database.ts'],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/setup/database.ts', 'tests/setup/demo.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'web',
          environment: 'happy-dom',
          include: ['tests/web/**/*.test.ts'],
          testTimeout: 30_000,
        },
      },
    ],
  },
})
