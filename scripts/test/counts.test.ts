import { describe, expect, it } from 'vitest'
import { readPlaywrightCounts, readVitestCounts } from './counts'

describe('the counts of a test run', () => {
  it('are those of the report', () => {
    expect(readVitestCounts({ numPassedTests: 7, numFailedTests: 2, testResults: [] })).toEqual({
      passed: 7,
      failed: 2,
    })
    expect(readPlaywrightCounts({ stats: { expected: 5, unexpected: 1, flaky: 0 } })).toEqual({ passed: 5, failed: 1 })
  })

  it('take a test that passed on a second try for a failure', () => {
    expect(readPlaywrightCounts({ stats: { expected: 5, unexpected: 0, flaky: 2 } })).toEqual({ passed: 5, failed: 2 })
  })

  it('are unknown, not nought, when the runner left no report', () => {
    expect(readVitestCounts(undefined)).toBeUndefined()
    expect(readPlaywrightCounts({})).toBeUndefined()
  })
})
