import pg from 'pg'
import { beforeEach, expect, test } from 'vitest'
import { appendEvents } from '../../ingest/log/accept'
import { closeDatabase, pool, withTransaction } from '../../lib/db/client'
import { rereadEnv } from '../../lib/env'
import { freshDatabases } from '../setup/databases'
import { BATCH, logged, openDoor, quarantined, receipt, wipe } from './ingest-client'
import { startServiceProcess } from './ingest-process'

const databases = await freshDatabases()
const door = openDoor()
beforeEach(wipe)

/** A small generator, so that a failure can be run again. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const out = [...values]
  for (let at = out.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1))
    ;[out[at], out[other]] = [out[other]!, out[at]!]
  }
  return out
}

test('64 concurrent requests with the same events in other orders: each event exactly once', async () => {
  const events = Array.from({ length: 300 }, (_, at) => receipt(`e${at}`))
  const odd = receipt('e7', {}, { quantity: 7 })
  const requests = Array.from({ length: 64 }, (_, seed) =>
    shuffled([...events, '{"broken":1}', odd], seed).slice(0, 200),
  )
  const bodies = requests.map(
    (list) => `[${list.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join(',')}]`,
  )
  const answers = await Promise.all(bodies.map((body) => door.post(body, { 'content-type': BATCH })))
  expect(answers.map(({ status }) => status)).toEqual(requests.map(() => 202))
  const distinct = new Set(
    requests
      .flat()
      .map((each) => (typeof each === 'string' ? '' : each.id))
      .filter(Boolean),
  )
  expect(answers.reduce((sum, { answer }) => sum + answer.accepted, 0)).toBe(distinct.size)
  expect((await logged()).map(({ id }) => id).sort()).toEqual([...distinct].sort())
  for (const [at, { answer }] of answers.entries()) {
    expect(answer.accepted + answer.duplicates + answer.quarantined + answer.conflicts).toBe(requests[at]?.length)
  }
  // Whichever content of e7 came first stays; the other one waits once, as does the broken text.
  expect((await quarantined()).map(({ reason }) => reason).sort()).toEqual(['business_conflict', 'type_unknown'])
})

async function sendUntilAnswered(url: string, body: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${door.key()}`, 'content-type': BATCH }
  return await (await fetch(`${url}/v1/events`, { method: 'POST', headers, body })).json()
}

test.each([
  { failpoint: 'after_insert_before_commit', kept: 0 },
  { failpoint: 'after_commit_before_answer', kept: 3 },
])('killed at $failpoint: no answer, and a retry makes each event true exactly once', async ({ failpoint, kept }) => {
  const body = `[${['a', 'b', 'c'].map((id) => JSON.stringify(receipt(id))).join(',')},{"type":"nonsense"}]`
  const victim = await startServiceProcess({ FAILPOINT: failpoint })
  await expect(sendUntilAnswered(victim.url, body)).rejects.toThrow()
  expect(await victim.ended).toBe('SIGKILL')
  await expect.poll(logged).toHaveLength(kept)
  expect(await quarantined()).toHaveLength(kept ? 1 : 0)
  const answer = await door.post(body, { 'content-type': BATCH })
  expect(answer.answer).toMatchObject({ accepted: 3 - kept, duplicates: kept, quarantined: 1, conflicts: 0 })
  expect((await logged()).map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(await quarantined()).toHaveLength(1)
})

test("while Postgres's sessions are cut at random, every event that is sent until it is acknowledged is there exactly once", async () => {
  let cutting = true
  const cut = (async () => {
    const control = new pg.Client({ connectionString: databases.databaseUrl, application_name: 'control' })
    await control.connect()
    let cuts = 0
    while (cutting) {
      const { rowCount } = await control.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'backhaul' AND state <> 'idle' LIMIT 1`,
      )
      cuts += rowCount ?? 0
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    await control.end()
    return cuts
  })()
  const statuses = { 202: 0, 503: 0, other: 0 }
  let sent = 0
  const sender = async (index: number) => {
    for (let round = 0; round < 60 && statuses[503] < 60; round++, sent += 100) {
      const events = Array.from({ length: 100 }, (_, at) => receipt(`cut-${index}-${round}-${at}`))
      for (let status = 0; status !== 202; ) {
        ;({ status } = await door.post([...events, { bad: `${index}-${round}` }]))
        statuses[status === 202 || status === 503 ? status : 'other']++
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, index) => sender(index)))
  cutting = false
  expect(await cut).toBeGreaterThan(0)
  expect(statuses).toMatchObject({ 202: sent / 100, other: 0 })
  expect(statuses[503]).toBeGreaterThan(0)
  const ids = (await logged()).map(({ id }) => id)
  expect({ distinct: new Set(ids).size, rows: ids.length }).toEqual({ distinct: sent, rows: sent })
  expect(await quarantined()).toHaveLength(sent / 100)
})

test('a graceful stop answers what is under way, then ends', async () => {
  const service = await startServiceProcess()
  const body = `[${Array.from({ length: 2000 }, (_, at) => JSON.stringify(receipt(`g${at}`))).join(',')}]`
  const holder = await pool().connect()
  await holder.query('SET idle_in_transaction_session_timeout = 0; SET transaction_timeout = 0')
  await holder.query('BEGIN; LOCK TABLE event_log IN SHARE MODE')
  const answering = sendUntilAnswered(service.url, body)
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  await expect.poll(async () => (await pool().query(waiting)).rowCount).toBe(1)
  service.child.kill('SIGTERM')
  await expect
    .poll(() =>
      fetch(`${service.url}/api/health`).then(
        () => 'open',
        () => 'closed',
      ),
    )
    .toBe('closed')
  await holder.query('COMMIT')
  holder.release(true)
  expect(await answering).toMatchObject({ accepted: 2000 })
  expect(await service.ended).toBe(0)
})

test('when Postgres cannot commit, the answer is 503 and nothing was accepted; afterwards all is well', async () => {
  await pool().query('ALTER TABLE event_log RENAME TO event_log_away')
  try {
    const { status, answer, headers } = await door.post([receipt('a'), { bad: true }])
    expect({ status, code: answer.error.code }).toEqual({ status: 503, code: 'unavailable' })
    expect(headers.get('retry-after')).toBeTruthy()
    expect(JSON.stringify(answer)).not.toMatch(/relation|event_log|postgres/i)
    expect(await quarantined()).toEqual([])
  } finally {
    await pool().query('ALTER TABLE event_log_away RENAME TO event_log')
  }
  expect((await door.post(receipt('a'))).answer.accepted).toBe(1)
})

test('a lost server is 503, on the health page too', async () => {
  const elsewhere = new URL(databases.databaseUrl)
  elsewhere.pathname = '/there_is_no_such_database'
  process.env.DATABASE_URL = elsewhere.href
  rereadEnv()
  try {
    const { startService } = await import('../../ingest/service/server')
    const service = await startService({ host: '127.0.0.1', port: 0 })
    const health = await fetch(`http://127.0.0.1:${service.port}/api/health`)
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ status: 'unavailable' })
    await service.stop()
  } finally {
    await closeDatabase()
    process.env.DATABASE_URL = databases.databaseUrl
    rereadEnv()
  }
})

test("a command's events are true with its transaction, and never without it", async () => {
  const event = (id: string) => ({
    ...receipt(id, { source: '/backhaul/workflow' }),
    specversion: '1.0' as const,
    type: 'unit.received.v1' as const,
    time: '2026-05-10T14:02:11Z',
  })
  const undone = withTransaction(async (tx) => {
    await appendEvents(tx, [event('a')])
    throw new Error('changed its mind')
  })
  await expect(undone).rejects.toThrow('changed its mind')
  expect(await logged()).toEqual([])
  await withTransaction((tx) => appendEvents(tx, [event('b'), event('c')]))
  // A command that is done twice by a retry of its transaction says the same twice.
  await withTransaction((tx) => appendEvents(tx, [event('b')]))
  expect((await logged()).map(({ id }) => id)).toEqual(['b', 'c'])
  const other = { ...event('b'), data: { ...event('b').data, quantity: 5 } }
  await expect(withTransaction((tx) => appendEvents(tx, [other]))).rejects.toThrow('other content')
  const wrong = { ...event('d'), data: { ...event('d').data, quantity: -5 } }
  await expect(withTransaction((tx) => appendEvents(tx, [wrong]))).rejects.toThrow('breaks the contract')
})
