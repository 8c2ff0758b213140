import { beforeEach, expect, test } from 'vitest'
import { BAD_INPUT } from '../../ingest/contract/fixtures/bad-input'
import { pool } from '../../lib/db/client'
import { execute } from '../../lib/workflow/execute'
import { quarantineCommands } from '../../lib/workflow/quarantine/commands'
import type { ReplayAccount } from '../../lib/workflow/quarantine/replay'
import type { Selection } from '../../lib/workflow/quarantine/selection'
import { quarantineGroups, quarantineInput, quarantineLines, replayPreview } from '../../lib/workflow/read/quarantine'
import { somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { logged, openDoor, quarantined, receipt, wipe } from './ingest-client'

await freshDatabases()
const door = openDoor()
beforeEach(wipe)

const sam = somebody('sam', ['integration_admin'])
const [replayCommand, dismissCommand] = quarantineCommands
const replay = async (which: Selection): Promise<ReplayAccount> => (await execute(sam, replayCommand, { which })).result
const dismiss = async (which: Selection, reason: string) =>
  (await execute(sam, dismissCommand, { which, reason })).result.dismissed
const everything: Selection = { all: true }
const refused = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

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
  const nothing = {
    selected: 4,
    accepted: 0,
    duplicates: 0,
    conflicts: 0,
    refused: { currency_unknown: 3, type_unknown: 1 },
    next: null,
  }
  expect(await replayPreview(sam, everything)).toEqual(nothing)

  await pool().query(`INSERT INTO fx_rate (currency, day, rate, source) VALUES ('CHF', '2026-05-01', 1.05, 'test')`)
  // One of them came in by another way since: the replay finds it there.
  await door.post(cost('c4', 'EUR'))
  const account = {
    selected: 4,
    accepted: 2,
    duplicates: 0,
    conflicts: 0,
    refused: { currency_unknown: 1, type_unknown: 1 },
    next: null,
  }
  expect(await replayPreview(sam, everything)).toEqual(account)
  expect(await logged()).toHaveLength(1)
  expect((await quarantined()).every(({ state }) => state === 'open')).toBe(true)
  expect(await replay(everything)).toEqual(account)
  expect((await logged()).map(({ body }) => body).sort()).toEqual(
    [cost('c1', 'CHF'), cost('c2', 'CHF'), cost('c4', 'EUR')].map((each) => JSON.stringify(each)).sort(),
  )
  expect((await quarantined()).map(({ state }) => state).sort()).toEqual(['open', 'open', 'replayed', 'replayed'])
  expect(await replay(everything)).toMatchObject({ selected: 2, accepted: 0 })
})

test('a replay by reason, source, ids and time takes only those', async () => {
  await door.post([
    { ...receipt('a'), time: 'x' },
    { ...receipt('b', { source: '/wms/rot1' }), time: 'x' },
    { broken: 1 },
  ])
  const rows = await quarantineLines(sam, everything)
  expect(rows.map(({ reason }) => reason).sort()).toEqual(['time_invalid', 'time_invalid', 'type_unknown'])
  expect(
    (await quarantineLines(sam, { reason: 'time_invalid', source: '/wms/rot1' })).map(({ eventId }) => eventId),
  ).toEqual(['b'])
  expect(await quarantineLines(sam, { ids: rows.slice(0, 1).map(({ id }) => id) })).toHaveLength(1)
  expect(await quarantineLines(sam, { until: new Date(Date.now() - 60_000).toISOString() })).toHaveLength(0)
  expect(await replay({ source: '/wms/rot1' })).toMatchObject({
    selected: 1,
    refused: { time_invalid: 1 },
  })
  expect(await quarantineGroups(sam)).toHaveLength(3)
})

test('dismissed means who, when and why, and never replayed', async () => {
  await door.post([{ broken: 1 }, { broken: 2 }])
  const [first] = await quarantineLines(sam, everything)
  if (!first) throw new Error('nothing in quarantine')
  expect(await refused(dismiss({ ids: [first.id] }, ' '))).toBe('invalid_input')
  expect(await dismiss({ ids: [first.id] }, 'a test of the sender')).toBe(1)
  expect(await quarantineInput(sam, first.id)).toMatchObject({
    state: 'dismissed',
    settledBy: 'person-sam',
    note: 'a test of the sender',
  })
  expect(await replay(everything)).toMatchObject({ selected: 1 })
  expect(await dismiss({ ids: [first.id] }, 'again')).toBe(0)
})

test('10,000 quarantined events, replayed once their rate is there: none lost, none twice', async () => {
  const events = Array.from({ length: 10_000 }, (_, at) => cost(`n${at}`, 'NOK'))
  expect((await door.post(events)).answer.quarantined).toBe(10_000)
  await pool().query(`INSERT INTO fx_rate (currency, day, rate, source) VALUES ('NOK', '2026-05-01', 0.085, 'test')`)
  const dry = await replayPreview(sam, { reason: 'currency_unknown' })
  expect(dry).toMatchObject({ selected: 10_000, accepted: 10_000 })
  expect(await replay({ reason: 'currency_unknown' })).toEqual(dry)
  expect(new Set((await logged()).map(({ id }) => id)).size).toBe(10_000)
})

test('who may not is refused and written down; every replay and dismissal is in the audit log, and none goes without', async () => {
  const ada = somebody('ada', ['auditor'])
  const cs = somebody('ines', ['cs_agent'])
  await door.post([cost('x1', 'DKK'), { broken: 1 }])
  expect(await refused(execute(ada, replayCommand, { which: everything }))).toBe('forbidden')
  expect(await refused(execute(cs, dismissCommand, { which: everything, reason: 'out of the way' }))).toBe('forbidden')
  expect(await refused(quarantineLines(cs, everything))).toBe('forbidden')
  expect(await refused(replayPreview(ada, everything))).toBe('forbidden')
  expect(await quarantineLines(ada, everything)).toHaveLength(2)
  expect(await refused(execute(sam, replayCommand, { which: {} }))).toBe('invalid_input')
  await replay({ reason: 'currency_unknown' })
  await dismiss({ reason: 'type_unknown' }, 'a test of the sender')
  const { rows } = await pool().query<{
    action: string
    actor: string
    object_id: string
    reason: string
    diff: unknown
  }>(
    "SELECT action, actor, object_id, reason, diff FROM audit_entry WHERE object_type = 'quarantine' ORDER BY seq DESC LIMIT 2",
  )
  expect(rows).toEqual([
    {
      ...{ action: 'quarantine.dismissed', actor: 'person-sam', object_id: 'reason type_unknown' },
      ...{ reason: 'a test of the sender', diff: { dismissed: 1, ids: [expect.any(String)] } },
    },
    {
      ...{ action: 'quarantine.replayed', actor: 'person-sam', object_id: 'reason currency_unknown', reason: '' },
      diff: expect.objectContaining({ selected: 1, accepted: 0, refused: { currency_unknown: 1 } }),
    },
  ])
  const seen = await pool().query("SELECT actor, command FROM refusal WHERE code = 'forbidden' ORDER BY id")
  expect(seen.rows).toEqual([
    { actor: 'person-ada', command: 'quarantine.replay' },
    { actor: 'person-ines', command: 'quarantine.dismiss' },
  ])
  await expect(pool().query("UPDATE quarantine SET state = 'dismissed'")).rejects.toThrow('audit')
})

test('shows the bytes, and who the customer is only to those who may see cases', async () => {
  const raw =
    '{"id":"p1","source":"/shop/x","type":"return.requested.v9","time":"2026-05-10T14:02:11Z","data":{"comment":"call \\"me\\"","customer_id":"C-77","sku":"BH-1"}'
  await door.post(Buffer.from(`\n${raw}\n`), { 'content-type': 'application/x-ndjson' })
  const [line] = await quarantineLines(sam, everything)
  const shown = await quarantineInput(sam, line?.id ?? '')
  expect(shown).toMatchObject({ hidden: true, cut: false, bytes: raw.length })
  expect(shown.raw).toContain('"sku":"BH-1"')
  expect(shown.raw).not.toMatch(/C-77|call/)
  const ada = somebody('ada', ['auditor'])
  expect(await quarantineInput(ada, line?.id ?? '')).toMatchObject({ hidden: false, raw })
})
