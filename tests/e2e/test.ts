import { test as base, expect } from '@playwright/test'

export { expect }

/**
 * The runner's test, and after each of them no page is left open but its own: one that somebody had in a browser of their own would go on asking the
 * product for news once a second until the end of the run.
 */
export const test = base.extend<{ alone: undefined }>({
  alone: [
    async ({ browser }, use) => {
      await use(undefined)
      await Promise.all(browser.contexts().map((context) => context.close()))
    },
    { auto: true },
  ],
})
