import { z } from 'zod'

export interface Counts {
  readonly passed: number
  readonly failed: number
}

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() })

/** From vitest's JSON report; undefined when there is none or it is something else. */
export function readVitestCounts(report: unknown): Counts | undefined {
  const parsed = vitestReport.safeParse(report)
  if (!parsed.success) return undefined
  return { passed: parsed.data.numPassedTests, failed: parsed.data.numFailedTests }
}

const playwrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
})

/** From Playwright's JSON report; one that passed only when tried again is a failure. */
export function readPlaywrightCounts(report: unknown): Counts | undefined {
  const parsed = playwrightReport.safeParse(report)
  if (!parsed.success) return undefined
  const { expected, unexpected, flaky } = parsed.data.stats
  return { passed: expected, failed: unexpected + flaky }
}
