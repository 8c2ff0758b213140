import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { Backlog } from '../../ingest/service/backlog'
import { Disk } from '../../ingest/service/disk'
import { ByteBudget, MOST_BYTES, MOST_EVENTS, RateLimit } from '../../ingest/service/limits'
import { startService } from '../../ingest/service/server'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'
import { BATCH, LINES, logged, ONE, openDoor, receipt } from './ingest-client'
import { startServiceProcess } from './ingest-process'

await freshDatabases()
const door = openDoor()

test('more than 10 MiB is 413, announced or not, and the largest allowed is taken', async () => {
  const large = ' '.repeat(MOST_BYTES - 400) + JSON.stringify(receipt('large'))
  expect((await door.post(large)).status).toBe(202)
  expect((await door.post(' '.repeat(MOST_BYTES + 1))).answer.error.code).toBe('too_large')
  const block = Buffer.alloc(1024 * 1024, 0x20)
  let sent = 0
  const endless = new ReadableStream({
    pull(controller) {
      if (sent++ < 64) controller.enqueue(block)
      else controller.close()
    },
  })
  expect((await door.post(endless)).status).toBe(413)
})

test('a sender that reads only after it has written everything hears why it was refused', async () => {
  const size = 3 * MOST_BYTES
  const told = (head: Record<string, string>) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(door.url()).port), '127.0.0.1')
      const headers = { host: 'x', 'content-length': String(size), 'content-type': ONE, ...head }
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      let heard = ''
      socket.pause()
      socket.on('error', reject)
      socket.on('data', (chunk) => {
        heard += chunk
      })
      socket.on('end', () => resolve(heard.slice(9, 12)))
      socket.write(`POST /v1/events HTTP/1.1\r\n${lines.join('')}\r\n`)
      socket.write(Buffer.alloc(size, 0x20), () => socket.resume())
    })
  const authorization = `Bearer ${door.key()}`
  const asked = [
    { authorization },
    { authorization: 'Bearer nobody' },
    { authorization, 'content-type': 'text/plain' },
    { authorization, 'content-encoding': 'br' },
  ]
  for (let round = 0; round < 2; round++) {
    expect(await Promise.all(asked.map(told))).toEqual(['413', '401', '415', '415'])
  }
})

test('a gzip bomb is 413 after 10 MiB of it', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024), { level: 9 })
  expect(bomb.length).toBeLessThan(300_000)
  const { status } = await door.post(bomb, { 'content-type': ONE, 'content-encoding': 'gzip' })
  expect(status).toBe(413)
})

test('more than 10,000 events is 413 in every mode', async () => {
  const events = Array.from({ length: MOST_EVENTS + 1 }, () => '{}')
  for (const [body, type] of [
    [`[${events.join(',')}]`, BATCH],
    [events.join('\n'), LINES],
  ] as const) {
    const { status, answer } = await door.post(body, { 'content-type': type })
    expect({ status, code: answer.error.code }).toEqual({ status: 413, code: 'too_many_events' })
  }
})

test('a key that sends more than its share is told when to come back', async () => {
  // So slow that nothing of it comes back while the requests below are under way, however long they take.
  const rate = new RateLimit(0.01, 20)
  const service = await startService({ host: '127.0.0.1', port: 0, rate })
  const post = () =>
    fetch(`http://127.0.0.1:${service.port}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key()}`, 'content-type': BATCH },
      body: JSON.stringify(Array.from({ length: 15 }, (_, at) => receipt(`rate-${at}`))),
    })
  const statuses = [(await post()).status, (await post()).status]
  const refused = await post()
  expect(statuses).toEqual([202, 202])
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(await refused.json()).toMatchObject({ error: { code: 'rate_limited' } })
  await service.stop()
})

test('beyond the backlog nothing more is taken until it is delivered', async () => {
  const backlog = new Backlog(pool(), 100)
  const service = await startService({ host: '127.0.0.1', port: 0, backlog })
  const post = () =>
    fetch(`http://127.0.0.1:${service.port}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key()}`, 'content-type': ONE },
      body: JSON.stringify(receipt('backlog')),
    })
  await pool().query(`INSERT INTO batch (kind, rows) VALUES ('log', 101)`)
  await backlog.read()
  const refused = await post()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30'])
  await pool().query(`UPDATE batch SET state = 'delivered'`)
  await backlog.read()
  expect((await post()).status).toBe(202)
  await service.stop()
})

test('a disk that fills up slows senders first, then stops them, before Postgres has to', async () => {
  let free = 1.5 * 2 ** 30
  const disk = new Disk(async () => free)
  await disk.read()
  const service = await startService({ host: '127.0.0.1', port: 0, disk })
  const post = async () => {
    const response = await fetch(`http://127.0.0.1:${service.port}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key()}`, 'content-type': ONE },
      body: JSON.stringify(receipt('disk')),
    })
    return { status: response.status, retryAfter: Number(response.headers.get('retry-after')) > 0 }
  }
  expect(await post()).toEqual({ status: 429, retryAfter: true })
  free = 2 ** 28
  await disk.read()
  expect(await post()).toEqual({ status: 503, retryAfter: true })
  free = 2 ** 40
  await disk.read()
  expect((await post()).status).toBe(202)
  await service.stop()
})

test('a body that is refused frees its bytes', async () => {
  const budget = new ByteBudget(1024)
  const service = await startService({ host: '127.0.0.1', port: 0, budget })
  const post = (body: string) =>
    fetch(`http://127.0.0.1:${service.port}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key()}`, 'content-type': ONE },
      body,
    })
  for (let round = 0; round < 5; round++) {
    expect((await post(' '.repeat(2000))).status).toBe(429)
    expect((await post('x'.repeat(1000))).status).toBe(400)
    expect((await post(JSON.stringify(receipt('budget')))).status).toBe(202)
  }
  expect(budget.used).toBe(0)
  await service.stop()
})

test('a sender that goes away in the middle of its body leaves nothing behind', async () => {
  const budget = new ByteBudget()
  const service = await startService({ host: '127.0.0.1', port: 0, budget })
  const socket = connect(service.port, '127.0.0.1')
  socket.write(
    `POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${door.key()}\r\nContent-Type: ${ONE}\r\nContent-Length: 5000\r\n\r\n{"id"`,
  )
  await expect.poll(() => budget.used).toBe(5000)
  socket.destroy()
  await expect.poll(() => budget.used).toBe(0)
  await service.stop()
})

test('header lines without end are refused before they fill the memory', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(door.url()).port), '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk) => {
      heard += chunk
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
    socket.write(`POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(64 * 1024)}`)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 431/)
})

test('a sender that dawdles over its headers is cut off', async () => {
  const began = Date.now()
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(door.url()).port), '127.0.0.1')
    let heard = ''
    const drip = setInterval(() => socket.write('X: y\r\n'), 500)
    socket.on('data', (chunk) => {
      heard += chunk
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      resolve(heard)
    })
    socket.write('POST /v1/events HTTP/1.1\r\nHost: x\r\n')
  })
  expect(answer).toMatch(/^HTTP\/1\.1 408/)
  expect(Date.now() - began).toBeLessThan(20_000)
})

test('a flood is answered with 429, memory stays bounded, and what was accepted is there', async () => {
  const service = await startServiceProcess()
  const note = 'x'.repeat(800)
  const body = (round: number) =>
    Buffer.from(
      Array.from({ length: 9000 }, (_, at) => JSON.stringify(receipt(`flood-${round}-${at}`, {}, { note }))).join('\n'),
    )
  const bodies = [body(0), body(1)]
  const send = async (at: number) => {
    const response = await fetch(`${service.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${door.key()}`, 'content-type': LINES },
      body: bodies[at % 2]!,
    }).catch(() => undefined)
    return { status: response?.status, retryAfter: response?.headers.get('retry-after') }
  }
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, service.memory())
  }, 50)
  const answers = await Promise.all(Array.from({ length: 48 }, (_, at) => send(at)))
  clearInterval(watch)
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused.length).toBeGreaterThan(0)
  for (const { retryAfter } of refused) expect(Number(retryAfter)).toBeGreaterThan(0)
  expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThan(0)
  // 48 requests are 400 MiB; the budget is 64 MiB of bodies, and their events a few times that.
  expect(most / 2 ** 20).toBeLessThan(700)
  const ids = (await logged()).filter(({ id }) => id.startsWith('flood-')).map(({ id }) => id)
  expect(ids.length % 9000).toBe(0)
  expect(ids.length).toBeGreaterThan(0)
  service.child.kill('SIGTERM')
  expect(await service.ended).toBe(0)
})
