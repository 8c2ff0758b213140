import { setTimeout as sleep } from 'node:timers/promises'
import { test as base, expect } from '@playwright/test'
import { env } from '../../lib/env'
import { addDays, dateOf, startOfDate } from '../../lib/metrics/calendar'

export { expect }

/** Longer than what a test reads twice takes. */
const MARGIN_MS = 45_000

/** Rolling periods move with the day: what is read twice in a test is read within one, of the reader's zone and of UTC. */
async function awayFromMidnight(): Promise<void> {
  for (const tz of [env().BACKHAUL_TZ, 'UTC']) {
    const now = Date.now()
    const left = startOfDate(addDays(dateOf(now, tz), 1), tz) - now
    if (left < MARGIN_MS) await sleep(left)
  }
}

/**
 * The runner's test, and after each of them no page is left open but its own: one that somebody had in a browser of their own would go on asking the
 * product for news once a second until the end of the run.
 */
export const test = base.extend<{ alone: undefined }>({
  alone: [
    async ({ browser }, use) => {
      await awayFromMidnight()
      await use(undefined)
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true, timeout: 2 * MARGIN_MS + 60_000 },
  ],
})
