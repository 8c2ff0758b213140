import { NextRequest } from 'next/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GET as health } from '@/app/api/health/route'
import { GET as describeApi } from '@/app/api/v1/openapi.json/route'
import { GET } from '@/app/api/v1/query/route'
import { createKey } from '../../lib/auth/api-keys'
import { METRICS } from '../../lib/metrics/definitions'
import type { QueryResult } from '../../lib/metrics/types'
import { freshDatabases } from '../setup/databases'
import { openPipeline } from '../setup/pipeline'
import { randomCompany } from '../setup/random-company'

/** The API as a program meets it: a key, a question in the URL, an answer or a refusal that says what to mend. */
const databases = await freshDatabases()
const company = randomCompany(3, { sales: 200 })
const pipeline = await openPipeline(databases, company)
let key = ''
beforeAll(async () => {
  await pipeline.deliver([company.events])
  key = (await createKey({ scopes: ['metrics:read'], sources: ['/*'] })).key
})
afterAll(() => pipeline.close())

const PERIOD = 'from=2025-01-01&to=2026-07-01&tz=Europe/Berlin'
async function ask<T = QueryResult>(query: string, authorization: string | null = `Bearer ${key}`) {
  const headers = authorization === null ? {} : { authorization }
  const response = await GET(new NextRequest(`http://localhost/api/v1/query?${query}`, { headers }))
  return { status: response.status, headers: response.headers, body: (await response.json()) as T }
}
interface Refusal {
  error: { code: string; message: string; parameter?: string }
}

describe('GET /api/v1/query', () => {
  test('answers with columns, rows, totals and how far the figures reach', async () => {
    const { status, headers, body } = await ask(
      `metrics=net_sales,return_rate_units&by=channel&${PERIOD}&order=-net_sales&compare=previous_year`,
    )
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(body.columns).toEqual([
      { id: 'channel', label: 'Channel', type: 'text', unit: null },
      { id: 'net_sales', label: 'Net sales', type: 'money', unit: 'money' },
      { id: 'return_rate_units', label: 'Return rate', type: 'number', unit: 'ratio' },
    ])
    expect(body.rows).toHaveLength(3)
    const sales = body.rows.map((row) => row.net_sales)
    expect(sales.every((value) => typeof value === 'number')).toBe(true)
    expect(sales.reduce((sum: number, value) => sum + Math.round(Number(value) * 10_000), 0) / 10_000).toBe(
      body.totals.net_sales,
    )
    expect(body.comparison).toMatchObject({ from: '2024-01-03', to: '2025-07-02' })
    expect(typeof body.comparison?.totals.net_sales).toBe('number')
    expect(body.watermark).toMatch(/^2026-0[67].*Z$/)
    expect(body.elapsed_ms).toBeGreaterThan(0)
  })

  test.each([
    ['metrics=nothing', 400, 'metric_unknown', 'metrics'],
    ['metrics=', 400, 'metric_missing', 'metrics'],
    ['metrics=sold_units&by=shoe', 400, 'dimension_unknown', 'by'],
    ['metrics=sold_units&filter=channel:like:x', 400, 'operator_unknown', 'filter'],
    ['metrics=return_maturity&basis=activity', 400, 'basis_unfit', 'basis'],
    ['metrics=sold_units&limit=x', 400, 'limit_invalid', 'limit'],
    ['metrics=sold_units&sql=1', 400, 'parameter_unknown', 'sql'],
    ['metrics=trapped_value&by=hour', 400, 'too_many', 'by'],
  ])('%s is refused: %i %s (%s)', async (query, status, code, parameter) => {
    const refused = await ask<Refusal>(`${query}&${PERIOD}`)
    expect([refused.status, refused.body.error.code, refused.body.error.parameter]).toEqual([status, code, parameter])
    expect(refused.body.error.message.length).toBeGreaterThan(10)
  })

  test('a hostile value is a value', async () => {
    const value = encodeURIComponent("x') OR 1=1 --\\'{}")
    const { status, body } = await ask(`metrics=sold_units&${PERIOD}&filter=sku:eq:${value}`)
    expect([status, body.totals.sold_units]).toEqual([200, 0])
  })

  test('without a key that may, nothing is told', async () => {
    const blind = (await createKey({ scopes: ['events:write'], sources: ['/*'] })).key
    expect((await ask<Refusal>(`metrics=sold_units&${PERIOD}`, 'Bearer rk_live_none')).status).toBe(401)
    expect((await ask<Refusal>(`metrics=sold_units&${PERIOD}`, `Bearer ${blind}`)).status).toBe(403)
  })
})

test('the description names every metric, and its parameters are those that are read', async () => {
  const description = await describeApi().json()
  expect(Object.keys(description['x-metrics'])).toEqual(Object.keys(METRICS))
  const parameters: string[] = description.paths['/api/v1/query'].get.parameters.map(
    ({ name }: { name: string }) => name,
  )
  expect(parameters).toEqual([
    'metrics',
    'by',
    'from',
    'to',
    'basis',
    'tz',
    'filter',
    'compare',
    'order',
    'limit',
    'as_of',
  ])
  // Each is accepted together with the rest.
  const { status } = await ask(
    `metrics=return_rate_units&by=sku&${PERIOD}&basis=cohort&filter=channel:in:web|shop&compare=previous_period&order=-return_rate_units:low&limit=5&as_of=2026-06-01T00:00:00Z`,
  )
  expect(status).toBe(200)
})

test('the web may serve once both stores answer', async () => {
  const response = await health()
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
})
