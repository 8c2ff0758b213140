import { afterAll, beforeAll } from 'vitest'
import { type Service, type ServiceOptions, startService } from '../../ingest/service/server'
import { createKey } from '../../lib/auth/api-keys'
import { pool } from '../../lib/db/client'

export const ONE = 'application/cloudevents+json'
export const BATCH = 'application/cloudevents-batch+json'
export const LINES = 'application/x-ndjson'

/** A valid receipt; `attributes` and `data` go over it. */
export const receipt = (id: string, attributes: object = {}, data: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/wms/ams1',
  type: 'unit.received.v1',
  time: '2026-05-10T14:02:11Z',
  ...attributes,
  data: { unit_id: `U-${id}`, facility: 'ams1', quantity: 1, ...data },
})

/** The service on a free port for this file's tests, with a key for every source. */
export function openDoor(options: Partial<ServiceOptions> = {}) {
  let service: Service | undefined
  let key = ''
  beforeAll(async () => {
    service = await startService({ host: '127.0.0.1', port: 0, ...options })
    key = (await createKey({ scopes: ['events:write'], sources: ['/*'] })).key
  })
  afterAll(() => service?.stop())
  const url = () => `http://127.0.0.1:${service?.port}`
  return {
    url,
    key: () => key,
    async post(body: string | Uint8Array | ReadableStream | object, headers: Record<string, string> = {}) {
      const type = Array.isArray(body) ? BATCH : ONE
      const response = await fetch(`${url()}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': type, ...headers },
        body: isRaw(body) ? body : JSON.stringify(body),
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      })
      const answer = await response.json()
      return { status: response.status, headers: response.headers, answer }
    },
  }
}

const isRaw = (body: unknown): body is string | Uint8Array<ArrayBuffer> | ReadableStream =>
  typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream

/** What is in the log, oldest first. */
export const logged = async (): Promise<{ source: string; id: string; revision: number; body: string }[]> =>
  (await pool().query('SELECT source, id, revision, body FROM event_log ORDER BY seq')).rows

/** What is in quarantine, oldest first. */
export const quarantined = async (): Promise<
  {
    source: string
    event_id: string | null
    reason: string
    raw: Buffer
    state: string
    path: string | null
    origin: string
  }[]
> => (await pool().query('SELECT * FROM quarantine ORDER BY id')).rows

export const wipe = () => pool().query('TRUNCATE event_log, quarantine')
