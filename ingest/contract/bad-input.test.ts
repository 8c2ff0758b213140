import { expect, test } from 'vitest'
import { BAD_INPUT, NOW } from './fixtures/bad-input'
import { readEvent } from './read'

test('the corpus is large and each case has its own name', () => {
  expect(BAD_INPUT.length).toBeGreaterThanOrEqual(60)
  expect(new Set(BAD_INPUT.map(({ name }) => name)).size).toBe(BAD_INPUT.length)
})

test.each(BAD_INPUT)('$name: $outcome', ({ raw, outcome, path }) => {
  const read = readEvent(raw, NOW)
  expect(read.ok ? 'accepted' : read.reason, read.ok ? '' : read.message).toBe(outcome)
  if (read.ok) return
  expect(read.path).toBe(path)
  expect(read.message).toMatch(/^[^\p{Cc}\p{Cs}]{20,500}$/u)
})
