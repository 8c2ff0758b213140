import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const everywhere = {
  exclude: ['**/node_modules/**', '.next/**', '.data/**'],
  env: { BACKHAUL_LOG: 'warn', TZ: 'UTC' },
  // Modules keep nothing of a database but under its address, so that the files of a worker can share them: each file took two seconds to load.
  isolate: false,
  // By itself a poll gives up after a second, which a busy machine may take over one look.
  expect: { poll: { timeout: 30_000 } },
  setupFiles: [join(import.meta.dirname, 'tests/setup/environment.ts')],
}
const resolve = {
  alias: { '@': import.meta.dirname, 'server-only': join(import.meta.dirname, 'node_modules/server-only/empty.js') },
}

/** Unit tests stand beside their code; integration tests share one real PostgreSQL and one real ClickHouse for the run. */
export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      {
        resolve,
        test: {
          ...everywhere,
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...everywhere.exclude, 'tests/**'],
          // A busy machine may take long over what is made once for many tests.
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
      {
        resolve,
        test: {
          ...everywhere,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts', 'tests/oracle/**/*.test.ts'],
          globalSetup: ['tests/setup/servers.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
})
