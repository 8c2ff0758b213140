import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Service, startService } from '../../ingest/service/server'
import { createKey } from '../../lib/auth/api-keys'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'

await freshDatabases()
let service: Service
let key: string
beforeAll(async () => {
  service = await startService({ host: '127.0.0.1', port: 0 })
  key = (await createKey({ scopes: ['events:write'], sources: ['/*'] })).key
})
afterAll(() => service.stop())

test('an event is accepted once, and its bytes are kept', async () => {
  const body =
    '{"specversion":"1.0", "id":"e1","source":"/wms/a","type":"unit.received.v1","time":"2026-05-10T10:00:00Z","data":{"unit_id":"u1","facility":"ams1","quantity":1}}'
  const post = () =>
    fetch(`http://127.0.0.1:${service.port}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' },
      body,
    })
  const first = await post()
  expect(await first.json()).toEqual({ accepted: 1, duplicates: 0, quarantined: 0, conflicts: 0, errors: [] })
  expect(first.status).toBe(202)
  expect(await (await post()).json()).toMatchObject({ accepted: 0, duplicates: 1 })
  const { rows } = await pool().query('SELECT body, time FROM event_log')
  expect(rows[0]?.body).toBe(body)
  expect(rows[0]?.time).toEqual(new Date('2026-05-10T10:00:00Z'))
})
