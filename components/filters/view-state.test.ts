import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { daysOf, href, readViewState, withFilter, writeViewState } from './view-state'

const now = new Date('2026-11-25T13:00:00Z')
const read = (query: string) => {
  const params: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(query)) params[name] = [...(params[name] ?? []), value]
  return readViewState(params, 'Europe/Berlin', now)
}

describe('the state of a page in its URL', () => {
  it('shows thirteen complete weeks and the running one by default', () => {
    const state = read('')
    expect(state).toMatchObject({ period: '13w', from: '2026-08-24', to: '2026-11-26', compare: 'previous_year' })
    expect(writeViewState(state).toString()).toBe('')
  })

  it('takes the day of the zone, not of the server', () => {
    const late = new Date('2026-11-25T23:30:00Z')
    expect(daysOf('mtd', 'Europe/Berlin', late).to).toBe('2026-11-27')
    expect(daysOf('mtd', 'America/New_York', late).to).toBe('2026-11-26')
    expect(daysOf('qtd', 'Europe/Berlin', late).from).toBe('2026-10-01')
  })

  it('reads what a form without scripts sends', () => {
    expect(read('channel=dtc&channel=amazon&filter=sku:eq:BH-1').filters).toEqual([
      { dimension: 'sku', op: 'eq', values: ['BH-1'] },
      { dimension: 'channel', op: 'in', values: ['dtc', 'amazon'] },
    ])
  })

  it('falls back where a link cannot be read, and says so', () => {
    const state = read('period=99x&tz=Mars/Olympus&compare=never&from=2026-02-30&to=2026-03-01&basis=x&filter=nonsense')
    expect(state).toMatchObject({ period: '13w', tz: 'Europe/Berlin', compare: 'previous_year', filters: [] })
    expect(state.unread.map(({ text }) => text)).toEqual([
      'period=99x',
      'tz=Mars/Olympus',
      'basis=x',
      'compare=never',
      'filter=nonsense',
    ])
    expect(state.unread.at(-1)?.why).toContain('dimension:operator:value')
    expect(read('from=2026-02-30&to=2026-03-01').unread).toMatchObject([{ text: 'from=2026-02-30 to=2026-03-01' }])
    expect(read('compare_from=2026-02-01&compare_to=2026-01-01').unread).toMatchObject([
      { text: 'compare=2026-02-01..2026-01-01' },
    ])
  })

  it('has nothing to say about what it reads', () => {
    for (const query of ['', 'period=4w&compare=none&basis=activity&tz=UTC', 'from=2026-01-05&to=2026-02-01'])
      expect(read(query).unread).toEqual([])
  })

  it('reads a comparison as the API writes it', () => {
    expect(read('compare=2025-01-01..2025-02-01')).toMatchObject({
      compare: { from: '2025-01-01', to: '2025-02-01' },
      unread: [],
    })
  })

  it('keeps a filter on what is unknown: without it the page would show everything', () => {
    expect(read('filter=reason:eq:').filters).toEqual([{ dimension: 'reason', op: 'eq', values: [''] }])
    expect(read('filter=sku:in:A|').filters).toEqual([{ dimension: 'sku', op: 'in', values: ['A', ''] }])
  })

  it('keeps colons inside values, and takes several for any of them', () => {
    expect(read('filter=sku:eq:A:B').filters).toEqual([{ dimension: 'sku', op: 'eq', values: ['A:B'] }])
    expect(read('filter=sku:eq:A|B').filters).toEqual([{ dimension: 'sku', op: 'in', values: ['A', 'B'] }])
  })

  it('comes back from its own link unchanged', () => {
    const word = fc.oneof(fc.stringMatching(/^[A-Za-z0-9 &%+:|\\äß_-]{0,12}$/), fc.string({ maxLength: 6 }))
    const filters = fc.uniqueArray(
      fc.record({
        dimension: fc.constantFrom('channel', 'entity', 'facility', 'sku', 'reason'),
        op: fc.constantFrom('in' as const, 'not_in' as const),
        values: fc.array(word, { minLength: 1, maxLength: 3 }),
      }),
      { selector: (filter) => filter.dimension },
    )
    const query = fc.constantFrom('', 'period=4w', 'from=2026-01-05&to=2026-02-01', 'compare=none&basis=activity')
    fc.assert(
      fc.property(query, filters, (text, chosen) => {
        const state = { ...read(text), filters: chosen }
        expect(read(href('/', state).replace(/^\/\??/, ''))).toEqual(state)
      }),
    )
  })

  it('replaces and removes the filter of one dimension', () => {
    const state = read('filter=channel:in:a|b&filter=sku:eq:1')
    expect(withFilter(state, 'channel', ['c'])).toContainEqual({ dimension: 'channel', op: 'eq', values: ['c'] })
    expect(withFilter(state, 'channel', [])).toEqual([{ dimension: 'sku', op: 'eq', values: ['1'] }])
  })
})
