import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, test } from 'vitest'
import { createKey, revokeKey } from '../../lib/auth/api-keys'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'
import { BATCH, LINES, logged, ONE, openDoor, quarantined, receipt, wipe } from './ingest-client'

await freshDatabases()
const door = openDoor()
beforeEach(wipe)

const NONE = { accepted: 0, duplicates: 0, quarantined: 0, conflicts: 0, errors: [] }

describe('content modes', () => {
  test("one event: the sender's own bytes are kept, and what the log says of it is right", async () => {
    const body = ` {"specversion":"1.0", "id":"e1","source":"/wms/ams1",\n"type":"unit.received.v1","time":"2026-05-10T16:02:11.1239+02:00","revision":2,"voided":true,"data":{"unit_id":"Größe 👟","facility":"ams1","quantity":1.0}} `
    const { status, answer } = await door.post(body)
    expect(answer).toEqual({ ...NONE, accepted: 1 })
    expect(status).toBe(202)
    const { rows } = await pool().query('SELECT *, time::text AS at FROM event_log')
    expect(rows[0]).toMatchObject({
      source: '/wms/ams1',
      id: 'e1',
      revision: 2,
      voided: true,
      type: 'unit.received.v1',
    })
    expect(rows[0].body).toBe(body.trim())
    expect(rows[0].at).toBe('2026-05-10 14:02:11.123+00')
  })

  test('an array: each element with its own spelling', async () => {
    const one = JSON.stringify(receipt('a'), null, 2)
    const other = JSON.stringify(receipt('b'))
    const { answer } = await door.post(`\ufeff[ ${one} ,\n${other}]\n`, { 'content-type': `${BATCH}; charset=utf-8` })
    expect(answer).toEqual({ ...NONE, accepted: 2 })
    expect((await logged()).map(({ body }) => body).sort()).toEqual([one, other].sort())
  })

  test('newline-delimited: blank lines are nothing, a bad line fails alone', async () => {
    const lines = [JSON.stringify(receipt('a')), '', '{"id":"half', JSON.stringify(receipt('b')), '']
    const { status, answer } = await door.post(lines.join('\r\n'), { 'content-type': LINES })
    expect(status).toBe(202)
    expect(answer).toMatchObject({ accepted: 2, quarantined: 1, errors: [{ index: 1, id: null, code: 'not_json' }] })
    expect((await quarantined())[0]?.raw.toString()).toBe('{"id":"half')
  })

  test('binary: attributes as headers, data as the body', async () => {
    const { data, ...attributes } = receipt('bin-1', { source: '/wms/m%C3%BCnchen' })
    const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, String(value)]))
    const sent = { ...headers, 'ce-revision': '4', 'ce-voided': 'true', 'content-type': 'application/json' }
    expect((await door.post(JSON.stringify(data), sent)).answer).toEqual({ ...NONE, accepted: 1 })
    const [row] = await logged()
    expect(row).toMatchObject({ source: '/wms/münchen', id: 'bin-1', revision: 4 })
    expect(JSON.parse(row?.body ?? '')).toEqual({
      ...attributes,
      source: '/wms/münchen',
      revision: 4,
      voided: true,
      data,
    })
  })

  test('gzip, and application/json as one or many', async () => {
    const zipped = gzipSync(JSON.stringify([receipt('a'), receipt('b')]))
    expect((await door.post(zipped, { 'content-type': BATCH, 'content-encoding': 'gzip' })).answer.accepted).toBe(2)
    const json = { 'content-type': 'application/json' }
    expect((await door.post(JSON.stringify(receipt('c')), json)).answer.accepted).toBe(1)
    expect((await door.post(JSON.stringify([receipt('d')]), json)).answer.accepted).toBe(1)
  })
})

describe('identity', () => {
  test('the same again is a duplicate, in any spelling; other content is a conflict and the first stays', async () => {
    const event = receipt('e1')
    await door.post(event)
    expect((await door.post(event)).answer).toEqual({ ...NONE, duplicates: 1 })
    expect((await door.post(JSON.stringify(event, null, 1))).answer).toEqual({ ...NONE, duplicates: 1 })
    const { status, answer } = await door.post(receipt('e1', {}, { quantity: 2 }))
    expect(status).toBe(202)
    expect(answer).toMatchObject({
      accepted: 0,
      conflicts: 1,
      errors: [{ index: 0, id: 'e1', code: 'business_conflict' }],
    })
    expect((await logged()).map(({ body }) => JSON.parse(body).data.quantity)).toEqual([1])
    expect(await quarantined()).toMatchObject([{ source: '/wms/ams1', event_id: 'e1', reason: 'business_conflict' }])
  })

  test('a higher revision and a retraction are events of their own; another source has its own ids', async () => {
    const events = [
      receipt('e1'),
      receipt('e1', { revision: 1 }, { quantity: 2 }),
      receipt('e1', { revision: 2, voided: true }),
      receipt('e1', { source: '/wms/rot1' }),
    ]
    expect((await door.post(events)).answer).toEqual({ ...NONE, accepted: 4 })
    expect((await door.post(events)).answer).toEqual({ ...NONE, duplicates: 4 })
  })

  test('an identity twice in one request: the same is a duplicate, another content a conflict', async () => {
    const events = [receipt('a'), receipt('b'), receipt('a'), receipt('a', {}, { quantity: 9 }), receipt('b')]
    const { answer } = await door.post(events)
    expect(answer).toMatchObject({ accepted: 2, duplicates: 2, conflicts: 1, errors: [{ index: 3, id: 'a' }] })
    expect(await logged()).toHaveLength(2)
    // Sent again, the odd one out is a conflict still, and waits in quarantine once.
    expect((await door.post(events)).answer).toMatchObject({ accepted: 0, duplicates: 4, conflicts: 1 })
    expect(await quarantined()).toHaveLength(1)
  })
})

describe('keys', () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  const post = (event: object, key: string) => door.post(event, bearer(key))

  test.each([
    ['none', ''],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['no key of ours', 'Bearer rk_live_nonsense'],
    ['an unknown key', `Bearer rk_live_AAAAAAAA_${'A'.repeat(43)}`],
  ])('%s: 401', async (_name, authorization) => {
    const { status, answer, headers } = await door.post(receipt('x'), { authorization })
    expect(status).toBe(401)
    expect(answer.error.code).toBe('unauthorized')
    expect(headers.get('www-authenticate')).toBe('Bearer')
    expect(await logged()).toEqual([])
  })

  test('a wrong secret, an expired key, and a missing scope', async () => {
    const good = await createKey({ scopes: ['events:write'], sources: ['*'] })
    const wrong = good.key.slice(0, -1) + (good.key.endsWith('A') ? 'B' : 'A')
    expect((await post(receipt('x'), wrong)).status).toBe(401)
    const old = await createKey({ scopes: ['events:write'], sources: ['*'], days: 1 })
    await pool().query(`UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1`, [old.id])
    expect((await post(receipt('x'), old.key)).status).toBe(401)
    const reader = await createKey({ scopes: ['metrics:read'], sources: ['*'] })
    expect(await post(receipt('x'), reader.key)).toMatchObject({
      status: 403,
      answer: { error: { code: 'scope_missing' } },
    })
  })

  test('only the sources of the key: all foreign is 403, some are refused alone and not stored', async () => {
    const { key } = await createKey({ scopes: ['events:write'], sources: ['/wms/ams1', '/shop/*'] })
    const foreign = receipt('f', { source: '/wms/ams12' })
    expect(await post([foreign, foreign], key)).toMatchObject({
      status: 403,
      answer: { error: { code: 'source_forbidden' } },
    })
    const mixed = [foreign, receipt('a'), receipt('b', { source: '/shop/eu' }), { ...foreign, time: 'bad' }]
    expect((await post(mixed, key)).answer).toMatchObject({
      accepted: 2,
      quarantined: 0,
      errors: [
        { index: 0, id: 'f', code: 'source_forbidden' },
        { index: 3, id: 'f', code: 'source_forbidden' },
      ],
    })
    expect((await logged()).map(({ id }) => id).sort()).toEqual(['a', 'b'])
    expect(await quarantined()).toEqual([])
  })

  test("Backhaul's own sources are written by a key that names them exactly, and by no other", async () => {
    const forged = receipt('S-1/paid', { source: '/backhaul/workflow', revision: 1, voided: true })
    const everything = await createKey({ scopes: ['events:write'], sources: ['/*', '*'] })
    const refused = await post(forged, everything.key)
    expect(refused).toMatchObject({ status: 403, answer: { error: { code: 'source_forbidden' } } })
    expect(refused.answer.error.message).toMatch(/\/backhaul\/workflow is one of Backhaul's own.*source of yours/)
    const portal = receipt('p', { source: '/backhaul/portal' })
    expect((await post([portal, receipt('a')], everything.key)).answer).toMatchObject({
      accepted: 1,
      errors: [{ index: 0, id: 'p', code: 'source_forbidden', message: expect.stringContaining('names it exactly') }],
    })
    const named = await createKey({ scopes: ['events:write'], sources: ['/*', '/backhaul/portal'] })
    expect((await post([portal, forged], named.key)).answer).toMatchObject({
      accepted: 1,
      errors: [{ index: 1, code: 'source_forbidden' }],
    })
    expect((await logged()).map(({ id }) => id)).toEqual(['a', 'p'])
    await expect(createKey({ scopes: ['events:write'], sources: ['/backhaul/*'] })).rejects.toThrow(/exactly/)
  })

  test('a key has no scope that nothing honours', async () => {
    await expect(createKey({ scopes: ['ingest:replay'], sources: ['*'] })).rejects.toThrow(
      'Scopes are a list of: events:write, metrics:read.',
    )
  })

  test('only the hash of a secret is kept, and use is written down', async () => {
    const { id, key } = await createKey({ scopes: ['events:write'], sources: ['*'], name: 'till' })
    expect(key).toMatch(/^rk_live_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}$/)
    await post(receipt('x'), key)
    const used = async () => (await pool().query('SELECT * FROM api_key WHERE id = $1', [id])).rows[0]
    await expect.poll(async () => (await used()).last_used_at).toBeInstanceOf(Date)
    expect(JSON.stringify(await used())).not.toContain(key.slice(-43))
  })

  test('a revoked key is refused within five seconds, also where it was just used', async () => {
    const { id, key } = await createKey({ scopes: ['events:write'], sources: ['*'] })
    expect((await post(receipt('x'), key)).status).toBe(202)
    // As another process would: this one's memory of the key is not touched.
    await pool().query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [id])
    const revoked = Date.now()
    for (let status = 202; status !== 401; await sleep(200)) {
      const asked = Date.now()
      ;({ status } = await post(receipt('x'), key))
      // Whoever asks after that is refused, however long the answer takes.
      if (status !== 401) expect(asked - revoked).toBeLessThan(5_000)
    }
    await expect(revokeKey(id)).rejects.toThrow('no key')
  })
})

describe('what cannot be read', () => {
  test.each([
    ['nothing', '', BATCH],
    ['an empty array', '[]', BATCH],
    ['a cut array', '[{"id":1},', BATCH],
    ['one event as an array', JSON.stringify(receipt('a')), BATCH],
    ['a cut event', '{"id":', ONE],
    ['two events as one', '{}{}', ONE],
    ['blank lines', '\n\n', LINES],
    ['Latin-1', Buffer.from('{"id":"\u00e9"}', 'latin1'), ONE],
  ])('%s: 400', async (_name, body, type) => {
    const { status, answer } = await door.post(body, { 'content-type': type })
    expect({ status, code: answer.error.code }).toEqual({ status: 400, code: 'unreadable' })
    expect(answer.error.message.length).toBeGreaterThan(20)
    expect(await quarantined()).toEqual([])
  })

  test('another content type, charset or encoding: 415', async () => {
    const event = JSON.stringify(receipt('a'))
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': `${ONE}; charset=iso-8859-1` },
      { 'content-type': ONE, 'content-encoding': 'br' },
    ]) {
      expect((await door.post(event, headers)).status).toBe(415)
    }
  })

  test('another address or method: 404, 405', async () => {
    expect((await fetch(`${door.url()}/v2/events`)).status).toBe(404)
    const wrong = await fetch(`${door.url()}/v1/events`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('broken gzip: 400', async () => {
    const headers = { 'content-type': ONE, 'content-encoding': 'gzip' }
    expect((await door.post('not gzip at all', headers)).answer.error.code).toBe('gzip_invalid')
    const cut = gzipSync(JSON.stringify(receipt('a'))).subarray(0, -12)
    expect((await door.post(cut, headers)).answer.error.code).toBe('gzip_invalid')
  })
})

test('health is 200 once migrated and serving', async () => {
  await expect.poll(async () => (await fetch(`${door.url()}/api/health`)).status).toBe(200)
})
