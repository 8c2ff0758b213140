import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { hashOf } from '../../ingest/contract/fingerprint'
import { archiveLines, writeSegment } from '../../ingest/import/archive'
import { type ImportOptions, importFiles } from '../../ingest/import/import-files'
import { resend } from '../../ingest/import/recover'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()
const archiveDir = join(databases.dataDir, 'archive')
const folder = join(databases.dataDir, 'input')
mkdirSync(folder)
const at = (name: string) => join(folder, name)
const client = writeClient()

const run = (file: string, more: Partial<ImportOptions> = {}) => importFiles({ files: [at(file)], archiveDir, ...more })
async function rows<T>(query: string): Promise<T[]> {
  return (await client.query({ query, format: 'JSONEachRow' })).json<T>()
}
const batches = async () =>
  (await pool().query('SELECT id, rows, state, path, sha256 FROM batch WHERE kind = $1 ORDER BY id', ['archive'])).rows

const sale = (n: number, more: object = {}) =>
  JSON.stringify({
    specversion: '1.0',
    id: `s${n}`,
    source: '/shop',
    type: 'sale.shipped.v1',
    time: '2026-02-03T10:00:00Z',
    ...more,
    data: {
      order_id: `o${n}`,
      order_line_id: `l${n}`,
      sku: 'A',
      quantity: 2,
      net_amount: '10.00',
      currency: 'EUR',
      channel: 'web',
      ...('data' in more && typeof more.data === 'object' ? more.data : {}),
    },
  })

describe('an import of NDJSON', () => {
  const good = [sale(1), ` ${sale(2)}\r`, sale(3, { data: { note: 'Grüße' } })]
  const bad = [sale(4, { time: 'yesterday' }), '{"cut', sale(5, { data: { currency: 'USD' } }), '[]']
  const file = `\u{feff}${good[0]}\n\n${bad[0]}\n${good[1]}\n${bad[1]}\n${bad[2]}\n${good[2]}\n${bad[3]}`
  writeFileSync(at('mixed.ndjson'), file)
  let first: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    first = await run('mixed.ndjson')
  })

  it('accounts for every line', () => {
    expect(first.files).toMatchObject([
      {
        outcome: 'imported',
        tally: {
          lines: 8,
          blank: 1,
          events: 3,
          rejected: 4,
          reasons: { time_invalid: 1, not_json: 1, currency_unknown: 1, not_an_object: 1 },
        },
      },
    ])
  })

  it('serves what it brought', async () => {
    expect(await rows('SELECT count() AS n, sum(quantity) AS q, sum(net) AS net FROM sales FINAL')).toEqual([
      { n: 3, q: 6, net: 300000 },
    ])
    expect(await rows('SELECT sum(quantity) AS q FROM sales_hour')).toEqual([{ q: 6 }])
  })

  it('keeps the bytes of the senders in the archive, and their hashes in ClickHouse', async () => {
    const [segment] = await batches()
    const lines: string[] = []
    for await (const line of archiveLines(archiveDir, segment)) lines.push(line)
    expect(lines).toEqual(good.map((line) => line.trim()))
    expect(await rows('SELECT line, toUInt32(version) AS h FROM sale_events ORDER BY line')).toEqual(
      lines.map((line, n) => ({ line: n, h: hashOf(line) })),
    )
    expect(segment).toMatchObject({ rows: 3, state: 'delivered' })
  })

  it('writes the rejected lines with their reasons beside the file', () => {
    const rejected = readFileSync(at('mixed.ndjson.rejected.ndjson'), 'utf8').trim().split('\n')
    expect(rejected.map((line) => JSON.parse(line))).toMatchObject([
      { line: 3, reason: 'time_invalid', path: 'time', raw: bad[0] },
      { line: 5, reason: 'not_json', raw: bad[1] },
      { line: 6, reason: 'currency_unknown', path: 'data.currency', raw: bad[2] },
      { line: 8, reason: 'not_an_object', raw: bad[3] },
    ])
  })

  it('changes nothing when the same content comes again, under any name', async () => {
    const before = await batches()
    writeFileSync(at('copy.ndjson'), file)
    const again = await run('copy.ndjson')
    expect(again).toMatchObject({ events: 0, files: [{ outcome: 'unchanged', tally: { events: 3 } }] })
    expect(await batches()).toEqual(before)
  })

  it('collapses events that overlap with an earlier file', async () => {
    writeFileSync(at('overlap.ndjson.gz'), gzipSync(`${sale(3, { data: { note: 'Grüße' } })}\n${sale(6)}\n`))
    expect(await run('overlap.ndjson.gz')).toMatchObject({ events: 2 })
    expect(await rows('SELECT count() AS n FROM sales FINAL')).toEqual([{ n: 4 }])
  })

  it('lets a later revision win, also where it names another order line', async () => {
    writeFileSync(at('moved.ndjson'), sale(6, { revision: 1, data: { order_line_id: 'l6b', quantity: 5 } }))
    await run('moved.ndjson')
    expect(await rows("SELECT order_line_id, quantity FROM sales FINAL WHERE order_line_id LIKE 'l6%'")).toEqual([
      { order_line_id: 'l6b', quantity: 5 },
    ])
    const verified = await verify(pool(), client, () => undefined)
    expect(verified).toMatchObject({ differences: [], rollups: [], served: { stale: 0 } })
  })

  it('refuses a file that another process is importing', async () => {
    writeFileSync(at('slow.ndjson'), sale(7))
    const other = await pool().connect()
    const { rows: runs } = await other.query("SELECT nextval('import_run_id_seq') + 1 AS id")
    await other.query("SELECT pg_advisory_lock(hashtextextended('import:' || $1, 0))", [String(runs[0].id)])
    await expect(run('slow.ndjson')).rejects.toThrow(/Another process is importing this file/)
    other.release(true)
    expect(await run('slow.ndjson')).toMatchObject({ events: 1 })
  })

  it('takes many files at once, and the same content among them once', async () => {
    mkdirSync(at('many'))
    for (let n = 0; n < 20; n++) writeFileSync(at(`many/${n}.ndjson`), `${sale(100 + n)}\n{"no event": ${n}}\n`)
    writeFileSync(at('many/again.ndjson'), readFileSync(at('many/7.ndjson')))
    const account = await run('many')
    expect(account).toMatchObject({ events: 20, rejected: 20 })
    expect(account.files.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(1)
    expect(await rows("SELECT count() AS n FROM sales FINAL WHERE order_line_id LIKE 'l1__'")).toEqual([{ n: 20 }])
    expect(await run('many')).toMatchObject({ events: 0, rejected: 0 })
  })

  it('shows what came of a file that is damaged further on', async () => {
    const packed = gzipSync(Array.from({ length: 20_000 }, (_, n) => sale(1000 + n)).join('\n'))
    writeFileSync(at('cut.ndjson.gz'), packed.subarray(0, packed.length / 2))
    await expect(run('cut.ndjson.gz', { segmentBytes: 100_000 })).rejects.toThrow(/cannot be unpacked to its end/)
    const [found] = await rows<{ served: number; stored: number }>(
      "SELECT (SELECT count() FROM sales FINAL) AS served, (SELECT uniqExact(order_line_id) FROM sale_events WHERE order_line_id != 'l6') AS stored",
    )
    expect(found?.served).toBeGreaterThan(100)
    expect(found?.served).toBe(found?.stored)
  })
})

describe('an import of CSV', () => {
  it('reads columns as attributes and data, by the types of the contract', async () => {
    const header =
      'id,source,type,time,revision,data.count_id,data.facility,data.location,data.sku,data.status,data.quantity'
    const row = (id: string, quantity: string) =>
      `${id},/wms,stock.counted.v1,2026-02-03T10:00:00Z,,${id},f1,"a, 1",007,sellable,${quantity}`
    writeFileSync(at('counts.csv'), `${header}\n${row('c1', '4')}\n${row('c2', 'many')}\n`)
    const account = await run('counts.csv')
    expect(account.files[0]?.tally).toMatchObject({ events: 1, rejected: 1, reasons: { schema_invalid: 1 } })
    expect(await rows('SELECT ref, location, sku, quantity FROM stock_events')).toEqual([
      { ref: 'c1', location: 'a, 1', sku: '007', quantity: 4 },
    ])
  })
})

describe('what ClickHouse cannot read', () => {
  it('is set aside, and the segment sealed without it', async () => {
    const poison = '{"id":"p","source":"/x","type":"sale.shipped.v1","time":"not a time","data":{}}'
    const path = 'import-0/999999.ndjson.gz'
    const sha256 = writeSegment(archiveDir, path, Buffer.from(`${sale(8001)}\n${poison}\n${sale(8002)}\n`))
    const segment = { id: 999_999n, path, sha256, rows: 3, lines: 3 }
    const found = await resend(client, archiveDir, segment, async () => undefined)
    expect(found?.rejected).toMatchObject([{ reason: 'sink_poison', raw: poison }])
    const kept: string[] = []
    for await (const line of archiveLines(archiveDir, { ...segment, sha256: found?.sha256 ?? '' })) kept.push(line)
    expect(kept).toEqual([sale(8001), sale(8002)])
    expect(await rows("SELECT count() AS n FROM sale_events FINAL WHERE order_line_id IN ('l8001', 'l8002')")).toEqual([
      { n: 2 },
    ])
  })
})

describe('the archive', () => {
  it('says when a segment is missing or is not what was sealed', async () => {
    const [segment] = await batches()
    const read = async (changed: object) => {
      for await (const _ of archiveLines(archiveDir, { ...segment, ...changed }));
    }
    await expect(read({ path: 'import-1/none.gz' })).rejects.toThrow(/cannot be read from the archive/)
    await expect(read({ sha256: 'f'.repeat(64) })).rejects.toThrow(/not what was sealed/)
    expect(existsSync(join(archiveDir, segment.path))).toBe(true)
    appendFileSync(join(archiveDir, 'import-0/999999.ndjson.gz'), 'x')
  })
})
