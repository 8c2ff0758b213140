import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROLE_NAMES } from '../../auth/permissions'
import { FINDINGS, REASONS } from '../../returns/codes'
import { DIMENSIONS } from '../dimensions'
import { METRICS, PARTS, partOf, partsOf } from './index'
import { MARGIN_COMPONENTS } from './margin'
import { SUPPORTING } from './quality'

const page = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')
const all = Object.values(METRICS)

describe('every definition', () => {
  test.each(all)('$id is whole: parts that exist, words, an owner who is a role', (metric) => {
    for (const id of partsOf(metric)) expect(PARTS[id]).toBeDefined()
    expect(metric.sentence).toMatch(/\.$/)
    expect(metric.formula.length).toBeGreaterThan(5)
    expect(ROLE_NAMES as readonly string[]).toContain(metric.owner)
    expect(metric.dimensions.every((id) => DIMENSIONS[id])).toBe(true)
    expect(metric.asOf).toBe(metric.bases.length === 0)
  })

  test('is in docs/metrics.md, which names its suffixes once for all', () => {
    const named = (id: string) =>
      [id, id.replace(/_(p50|p90|p95|open_units|open_age|low|high)$/, '')].some((name) => page.includes(name))
    expect(all.map(({ id }) => id).filter((id) => !named(id))).toEqual([])
  })

  test('and every metric of docs/metrics.md is defined', () => {
    const tables = [...page.matchAll(/^\| ([a-z_0-9]+) \|/gm)]
      .map((match) => match[1] ?? '')
      .filter((id) => id !== 'id')
    expect(tables.length).toBeGreaterThan(20)
    expect(tables.filter((id) => !METRICS[id])).toEqual([])
  })

  test('a part that is cut by time has one; stock and sales have theirs by nature', () => {
    const timed = new Set(['units', 'reasoned', 'money', 'credit', 'leak', 'claim'])
    for (const part of Object.values(PARTS)) expect(part.time !== undefined).toBe(timed.has(part.fact))
    // What is nested in a unit is looked for by the ends of its own dates (`money_first`, `money_last`).
    for (const { fact, time } of Object.values(PARTS))
      if (fact === 'money' || fact === 'credit') expect(time).toBe(`${fact}.at`)
  })

  test('no part is left over', () => {
    const used = new Set(all.flatMap(partsOf))
    expect(Object.keys(PARTS).filter((id) => !used.has(id))).toEqual([])
  })

  test('asking for a part that is none is a fault', () => {
    expect(() => partOf('nothing')).toThrow('nothing')
  })
})

test('the components of the margin are those of docs/facts.md, each once', () => {
  const components = MARGIN_COMPONENTS.flatMap((each) => [...each.components])
  expect(new Set(components).size).toBe(components.length)
  const facts = readFileSync(join(import.meta.dirname, '../../../docs/facts.md'), 'utf8')
  expect(components.filter((name) => !facts.includes(name))).toEqual([])
})

test('every reason says which findings support it, in codes that exist', () => {
  expect(Object.keys(SUPPORTING).toSorted()).toEqual([...REASONS].toSorted())
  expect(
    Object.values(SUPPORTING)
      .flat()
      .every((finding) => FINDINGS.includes(finding)),
  ).toBe(true)
})
