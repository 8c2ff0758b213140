import { describe, expect, it } from 'vitest'
import { formatFor } from '@/lib/format'
import type { QuerySpec } from '@/lib/metrics/types'
import { readViewState, type SearchParams } from '../filters/view-state'
import { askedExplore } from './asked-explore'
import { callingSuppliers, changeOf, figureAt, keyNote, keyText, placeOf } from './cells'
import { PRESETS } from './presets'
import { projectedEnd, ripens } from './ripen'
import { exploreHref } from './table-view'

const now = new Date('2026-11-25T13:00:00Z')
const paramsOf = (query: string): SearchParams => {
  const params: Record<string, string[]> = {}
  for (const [name, value] of new URLSearchParams(query)) params[name] = [...(params[name] ?? []), value]
  return params
}
function read(query: string) {
  const params = paramsOf(query)
  const state = readViewState(params, 'Europe/Berlin', now)
  const { from, to, basis, tz, filters } = state
  return {
    state,
    asked: askedExplore(params, state, { from, to, basis, tz, filters } as Omit<QuerySpec, 'metrics' | 'by'>),
  }
}
const ids = (of: readonly { id: string }[]) => of.map(({ id }) => id)
const format = formatFor({ locale: 'en-GB', tz: 'Europe/Berlin', currency: 'EUR' })

describe('the question in the address', () => {
  it('is by default how much of each item comes back, surest first', () => {
    const { asked } = read('')
    expect(ids(asked.metrics)).toEqual(['return_rate_units', 'sold_units', 'requested_units', 'net_margin_impact'])
    expect(asked.spec).toMatchObject({
      by: ['sku'],
      order: [{ column: 'return_rate_units', direction: 'desc', by: 'low' }],
    })
    expect(Object.values(asked.own).every((value) => value === undefined)).toBe(true)
    expect(asked.unread).toEqual([])
  })

  it('is read as the API writes it, and as a form sends it', () => {
    const api = read('metrics=net_sales,sold_units&by=country,month&order=-net_sales&limit=50').asked
    const form = read('metrics=net_sales,sold_units&metrics=&by=country&by=month&order=-net_sales&limit=50').asked
    expect([ids(api.metrics), ids(api.by), api.order, api.limit]).toEqual([
      ['net_sales', 'sold_units'],
      ['country', 'month'],
      { column: 'net_sales', direction: 'desc' },
      50,
    ])
    expect(form.own).toEqual(api.own)
  })

  it('comes back from its own links', () => {
    for (const { metrics, by } of PRESETS) {
      const { asked, state } = read(`metrics=${metrics.join()}&by=${by.join()}&filter=channel:eq:web&limit=50`)
      expect(asked.unread).toEqual([])
      expect(asked.unfit).toEqual([])
      const again = read(exploreHref(state, asked.own).replace(/^\/explore\??/, ''))
      expect([again.asked.spec, again.asked.limit]).toEqual([asked.spec, asked.limit])
    }
  })

  it.each([
    ['metrics=constructor', 'metrics=constructor'],
    ['by=toString', 'by=toString'],
    ['by=hour', 'by=hour'],
    ['by=week,month', 'by=month'],
    ['by=sku,country,reason', 'by=reason'],
    ['order=-nothing', 'order=-nothing'],
    ['order=-net_margin_impact:low', 'order=-net_margin_impact:low'],
    ['limit=0', 'limit=0'],
    ['limit=1e9', 'limit=1e9'],
    ['metrics=net_sales,sold_units,requested_units,received_units,inspected_units', 'metrics=inspected_units'],
  ])('%s: the page says what it did without, and shows the rest', (query, text) => {
    const { asked } = read(query)
    expect(asked.unread.map((each) => each.text)).toEqual([text])
    expect(asked.fit.length).toBeGreaterThan(0)
    expect(asked.by.length).toBeGreaterThan(0)
  })

  it('leaves out, with its reason, a figure that has no such dimension or filter', () => {
    expect(read('by=reason').asked.unfit.map(({ why }) => why)).toEqual(['Units sold is not cut by reason'])
    const filtered = read('by=sku&filter=facility:eq:venlo').asked
    expect(filtered.unfit.map(({ why }) => why)).toEqual(['Units sold cannot be filtered by facility'])
    expect(filtered.spec.metrics).not.toContain('sold_units')
  })

  it('puts first what was lost most', () => {
    expect(read('metrics=net_margin_impact').asked.order).toEqual({ column: 'net_margin_impact', direction: 'asc' })
    expect(read('metrics=sold_units').asked.order).toEqual({ column: 'sold_units', direction: 'desc' })
  })

  it('shows a period whole: over time nothing is cut off', () => {
    const { asked } = read('by=week&limit=10')
    expect([asked.limit, asked.order]).toEqual([400, { column: 'week', direction: 'asc' }])
  })
})

describe('a number of the table', () => {
  it('opens the days and the value that it is of', () => {
    const { asked } = read(
      'by=month,reason&metrics=requested_units&from=2026-08-24&to=2026-11-26&filter=reason:in:gift|other',
    )
    expect(placeOf(asked, ['2026-08-01', ''], now.getTime())).toMatchObject({
      from: '2026-08-24',
      to: '2026-09-01',
      filters: [{ dimension: 'reason', op: 'eq', values: [''] }],
    })
    expect(placeOf(asked, ['2026-11-01', 'gift'], now.getTime())).toMatchObject({
      from: '2026-11-01',
      to: '2026-11-26',
    })
  })

  it('of what lies somewhere is looked at from the end of its month', () => {
    const { asked } = read('by=month&metrics=backlog_units')
    const [metric] = asked.fit
    const at = (month: string) => metric && figureAt(asked, metric, 1, placeOf(asked, [month], now.getTime())).spec.asOf
    expect(at('2026-10-01')).toBe('2026-10-31T23:00:00.000Z')
    expect(at('2026-11-01')).toBeUndefined()
  })

  it('changes in points, shares or not at all', () => {
    const rate = { unit: 'ratio', good: 'down' } as const
    const money = { unit: 'money', good: 'up' } as const
    expect(changeOf(rate, 0.12, 0.1, format)).toMatchObject({ text: '+2.00', verdict: 'worse' })
    expect(changeOf(money, '-150.0000', '-100.0000', format)).toMatchObject({ text: '\u221250.0', verdict: 'worse' })
    const step = (text: string, verdict: string) => ({ step: { text: expect.stringContaining(text), verdict } })
    expect(changeOf(rate, 0.1002, 0.1, format)).toMatchObject({
      text: '+0.02',
      verdict: 'worse',
      ...step('0.0', 'same'),
    })
    expect(changeOf(rate, 0.10001, 0.1, format)).toMatchObject({ verdict: 'same', ...step('0.0', 'same') })
    expect(changeOf(money, '5.0000', '0.0000', format)).toBeNull()
    expect(changeOf(rate, null, 0.1, format)).toBeNull()
  })

  it('is called as people call it', () => {
    const { asked } = read('by=country,quarter')
    const name = (_: string, value: string) => value
    const words = asked.by.map((dimension, index) =>
      keyText(dimension, ['DE', '2026-07-01'][index] ?? '', { format, name }),
    )
    expect(words).toEqual(['Germany', 'Q3 2026'])
    const [country] = asked.by
    expect(country && keyText(country, '', { format, name })).toBe('Unknown')
  })
})

describe('a young cohort', () => {
  const metric = (id: string) => {
    const [found] = read(`metrics=${id}`).asked.metrics
    if (!found) throw new Error(id)
    return found
  }

  it('is young for what comes back, not for what was sold or is counted by its own date', () => {
    expect(ripens(metric('return_rate_units'), 'cohort')).toBe(true)
    expect(ripens(metric('net_margin_impact'), 'cohort')).toBe(true)
    expect(ripens(metric('net_margin_impact'), 'activity')).toBe(false)
    expect(ripens(metric('sold_units'), 'cohort')).toBe(false)
    expect(ripens(metric('backlog_units'), 'cohort')).toBe(false)
    expect(ripens(metric('return_rate_two_months'), 'cohort')).toBe(false)
  })

  it('is projected where enough is known, never beyond everything', () => {
    const rate = metric('return_rate_units')
    expect(projectedEnd(rate, 0.06, 0.5)).toBe(0.12)
    expect(projectedEnd(rate, 0.9, 0.5)).toBe(1)
    expect(projectedEnd(rate, 0.06, 0.2)).toBeNull()
    expect(projectedEnd(rate, 0.06, 0.99)).toBeNull()
    expect(projectedEnd(metric('net_margin_impact'), -5, 0.5)).toBeNull()
  })

  it('says the name of a supplier once, and of an item its code and its product', () => {
    const names = new Map([
      ['supplier', new Map([['casa-lume', 'Casa Lume']])],
      ['sku', new Map([['AP-1', 'Wrap Dress']])],
    ])
    const { name } = callingSuppliers({ name: (_: string, value: string) => value }, names)
    const { asked } = read('by=supplier,sku')
    const said = asked.by.map((dimension, index) => {
      const value = ['casa-lume', 'AP-1'][index] ?? ''
      return [keyText(dimension, value, { format, name }), keyNote(dimension, value, names)]
    })
    expect(said).toEqual([
      ['Casa Lume', undefined],
      ['AP-1', 'Wrap Dress'],
    ])
  })
})
