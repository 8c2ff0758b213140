import { defineConfig, devices } from '@playwright/test'
import { findChromium } from './scripts/chromium'

/** The pages of a whole product, started for the run (tests/setup/product.ts), in the system's Chromium. */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/setup/product.ts',
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: process.env.BACKHAUL_URL ?? '',
    // `npm test -- --only e2e --trace on` records what a test did; it costs a third of the time.
    trace: 'off',
    screenshot: 'only-on-failure',
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    launchOptions: {
      executablePath: process.env.BACKHAUL_CHROMIUM ?? findChromium() ?? '',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [{ name: 'chromium', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } }],
})
