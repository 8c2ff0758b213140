import { beforeEach, expect, test } from 'vitest'
import { BAD_INPUT } from '../../ingest/contract/fixtures/bad-input'
import { replayQuarantine } from '../../ingest/quarantine/replay'
import { countQuarantine, dismissQuarantine, listQuarantine, showQuarantine } from '../../ingest/quarantine/review'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'
import { logged, openDoor, quarantined, receipt, wipe } from './ingest-client'

await freshDatabases()
const door = openDoor()
beforeEach(wipe)

const cost = (id: string, currency: string) =>
  receipt(id, { type: 'cost.incurred.v1' }, { cost_id: id, kind: 'labor', amount: '1.00', currency })

test('the whole corpus of bad input: never a 5xx, every text in one state, every refused byte kept', async () => {
  let kept = 0
  // Cases about the future have the corpus's own clock; the next test has this service's.
  for (const { name, raw, outcome } of BAD_INPUT.filter((each) => !each.name.includes('ahead'))) {
    const body = Buffer.from(raw)
    // After a blank line: a byte order mark at the very start of a request would be skipped.
    const { status, answer } = await door.post(Buffer.concat([Buffer.from('\n'), body]), {
      'content-type': 'application/x-ndjson',
    })
    expect({ name, status }).toEqual({ name, status: 202 })
    expect(answer.accepted + answer.duplicates + answer.quarantined + answer.conflicts, name).toBe(1)
    if (outcome === 'accepted') {
      expect(answer.quarantined, name).toBe(0)
      continue
    }
    expect({ name, code: answer.errors[0]?.code }).toEqual({ name, code: outcome })
    const row = (await quarantined()).at(-1)
    expect(row?.reason, name).toBe(outcome)
    expect(row?.raw.equals(body), name).toBe(true)
    kept++
  }
  expect((await quarantined()).filter(({ reason }) => reason !== 'business_conflict')).toHaveLength(kept)
})

test('25 hours ahead of the clock is refused, 23 are not', async () => {
  const at = (hours: number) => ({ time: new Date(Date.now() + hours * 3_600_000).toISOString() })
  const { answer } = await door.post([receipt('late', at(25)), receipt('soon', at(23))])
  expect(answer).toMatchObject({
    accepted: 1,
    quarantined: 1,
    errors: [{ index: 0, code: 'time_future', path: 'time' }],
  })
})

test('a currency without a rate waits, a dry run says what would happen, and the replay does it', async () => {
  const sent = [cost('c1', 'CHF'), cost('c2', 'CHF'), cost('c3', 'SEK'), cost('c4', 'EUR'), { broken: true }]
  expect((await door.post(sent)).answer).toMatchObject({
    accepted: 1,
    quarantined: 4,
    errors: [{ code: 'currency_unknown' }, {}, {}, {}],
  })
  const all = {}
  const nothing = {
    selected: 4,
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    refused: { currency_unknown: 3, type_unknown: 1 },
  }
  expect(await replayQuarantine(all, { dryRun: true, by: 'test' })).toEqual(nothing)

  await pool().query(`INSERT INTO fx_rate (currency, day, rate, source) VALUES ('CHF', '2026-05-01', 1.05, 'test')`)
  // One of them came in by another way since: the replay finds it there.
  await door.post(cost('c4', 'EUR'))
  const account = {
    selected: 4,
    accepted: 2,
    duplicates: 0,
    conflicts: 0,
    refused: { currency_unknown: 1, type_unknown: 1 },
  }
  expect(await replayQuarantine(all, { dryRun: true, by: 'test' })).toEqual(account)
  expect(await logged()).toHaveLength(1)
  expect((await quarantined()).every(({ state }) => state === 'open')).toBe(true)
  expect(await replayQuarantine(all, { dryRun: false, by: 'test' })).toEqual(account)
  expect((await logged()).map(({ body }) => body).sort()).toEqual(
    [cost('c1', 'CHF'), cost('c2', 'CHF'), cost('c4', 'EUR')].map((each) => JSON.stringify(each)).sort(),
  )
  expect((await quarantined()).map(({ state }) => state).sort()).toEqual(['open', 'open', 'replayed', 'replayed'])
  expect(await replayQuarantine(all, { dryRun: false, by: 'test' })).toMatchObject({ selected: 2, accepted: 0 })
})

test('a replay by reason, source, ids and time takes only those', async () => {
  await door.post([
    { ...receipt('a'), time: 'x' },
    { ...receipt('b', { source: '/wms/rot1' }), time: 'x' },
    { broken: 1 },
  ])
  const rows = await listQuarantine({})
  expect(rows.map(({ reason }) => reason).sort()).toEqual(['time_invalid', 'time_invalid', 'type_unknown'])
  expect((await listQuarantine({ reason: 'time_invalid', source: '/wms/rot1' })).map(({ eventId }) => eventId)).toEqual(
    ['b'],
  )
  expect(await listQuarantine({ ids: rows.slice(0, 1).map(({ id }) => id) })).toHaveLength(1)
  expect(await listQuarantine({ until: new Date(Date.now() - 60_000) })).toHaveLength(0)
  expect(await replayQuarantine({ source: '/wms/rot1' }, { dryRun: false, by: 'test' })).toMatchObject({
    selected: 1,
    refused: { time_invalid: 1 },
  })
  expect(await countQuarantine()).toHaveLength(3)
})

test('dismissed means who, when and why, and never replayed', async () => {
  await door.post([{ broken: 1 }, { broken: 2 }])
  const [first] = await listQuarantine({})
  if (!first) throw new Error('nothing in quarantine')
  await expect(dismissQuarantine({ ids: [first.id] }, 'anna', ' ')).rejects.toThrow('why')
  expect(await dismissQuarantine({ ids: [first.id] }, 'anna', 'a test of the sender')).toBe(1)
  expect(await showQuarantine(first.id)).toMatchObject({
    state: 'dismissed',
    settledBy: 'anna',
    note: 'a test of the sender',
  })
  expect(await replayQuarantine({}, { dryRun: false, by: 'test' })).toMatchObject({ selected: 1 })
  expect(await dismissQuarantine({ ids: [first.id] }, 'anna', 'again')).toBe(0)
})

test('10,000 quarantined events, replayed once their rate is there: none lost, none twice', async () => {
  const events = Array.from({ length: 10_000 }, (_, at) => cost(`n${at}`, 'NOK'))
  expect((await door.post(events)).answer.quarantined).toBe(10_000)
  await pool().query(`INSERT INTO fx_rate (currency, day, rate, source) VALUES ('NOK', '2026-05-01', 0.085, 'test')`)
  const dry = await replayQuarantine({ reason: 'currency_unknown' }, { dryRun: true, by: 'test' })
  expect(dry).toMatchObject({ selected: 10_000, accepted: 10_000 })
  expect(await replayQuarantine({ reason: 'currency_unknown' }, { dryRun: false, by: 'test' })).toEqual(dry)
  expect(new Set((await logged()).map(({ id }) => id)).size).toBe(10_000)
})
