import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeClient } from '../../clickhouse/client'
import { parseInstant } from '../../ingest/contract/fields'
import { hashOf } from '../../ingest/contract/fingerprint'
import { BAD_INPUT, NOW } from '../../ingest/contract/fixtures/bad-input'
import { FIXTURES } from '../../ingest/contract/fixtures/load'
import { mutation } from '../../ingest/contract/fixtures/mutation'
import { readEvent } from '../../ingest/contract/read'
import { sendRows, wireLine } from '../../ingest/relay/send'
import { MOST_BYTES } from '../../ingest/service/limits'
import { parseAmount } from '../../lib/money'
import { freshDatabases } from '../setup/databases'

await freshDatabases()

const isAccepted = (raw: string | Buffer) => readEvent(raw, NOW).ok
const send = (bodies: readonly string[]) =>
  sendRows(writeClient(), bodies.map((body, line) => wireLine(1n, line, hashOf(body), body)).join(''))

/** ClickHouse reads the sender's bytes itself. One text that the door lets in and ClickHouse cannot read would stop a whole batch. */
test('ClickHouse reads whatever the door lets in', async () => {
  const golden = FIXTURES.map(({ event }) => JSON.stringify(event, null, 1))
  const odd = BAD_INPUT.filter(({ raw }) => isAccepted(raw)).map(({ raw }) => raw.toString())
  const mutated = fc
    .sample(fc.tuple(fc.constantFrom(...FIXTURES), mutation), { numRuns: 6000, seed: 7 })
    .map(([{ event }, mutate]) => JSON.stringify(mutate(event)))
    .filter(isAccepted)
  expect(odd.length).toBeGreaterThan(10)
  expect(mutated.length).toBeGreaterThan(500)
  await send([...golden, ...odd, ...mutated])
})

test('ClickHouse reads the largest event that a request may bring', async () => {
  const event = { ...FIXTURES[0]?.event, id: 'large', note: 'x'.repeat(MOST_BYTES - 4000) }
  const body = JSON.stringify(event)
  expect(isAccepted(body)).toBe(true)
  await send([body, JSON.stringify(FIXTURES[1]?.event)])
})

/** Both readers take the same amount and the same instant from the same bytes, whatever their spelling. */
test('amounts and times mean the same on both sides', async () => {
  const amounts = fc.sample(
    fc.oneof(
      fc.stringMatching(/^-?\d{1,12}(\.\d{1,4})?$/).map((text) => JSON.stringify(text)),
      fc.stringMatching(/^-?(0|[1-9]\d{0,11})(\.\d{1,6}0{0,14})?([eE][+-]?\d)?$/),
      fc.double({ noNaN: true, min: -1e12, max: 1e12 }).map((value) => JSON.stringify(Math.round(value * 1e4) / 1e4)),
    ),
    { numRuns: 3000, seed: 11 },
  )
  const times = fc.sample(
    fc.tuple(
      fc.date({ min: new Date('1990-01-02'), max: new Date('2026-05-31'), noInvalidDate: true }),
      fc.stringMatching(/^(\.\d{1,9})?$/),
      fc.constantFrom('Z', '+02:00', '-11:30', '+14:00'),
    ),
    { numRuns: 3000, seed: 13 },
  )
  const bodies = amounts.map((amount, at) => {
    const [date, fraction, zone] = times[at]!
    const time = `${date.toISOString().slice(0, 19)}${fraction}${zone}`
    return `{"specversion":"1.0","id":"n${at}","source":"/sink","type":"cost.incurred.v1","time":"${time}","data":{"cost_id":"n${at}","unit_id":"U","kind":"labor","currency":"EUR","amount":${amount}}}`
  })
  const accepted = bodies.filter(isAccepted)
  expect(accepted.length).toBeGreaterThan(1500)
  await send(accepted)
  const answer = await writeClient().query({
    query: `SELECT id, toString(amount) AS amount, toUnixTimestamp64Milli(time) AS time FROM cost_events FINAL WHERE source = '/sink'`,
    format: 'JSONEachRow',
  })
  const rows = new Map((await answer.json<{ id: string; amount: string; time: string }>()).map((row) => [row.id, row]))
  expect(rows.size).toBe(accepted.length)
  for (const body of accepted) {
    const read = readEvent(body, NOW)
    if (!read.ok || read.event.type !== 'cost.incurred.v1') throw new Error(body)
    const row = rows.get(read.event.id)
    expect(row?.amount, body).toBe(String(parseAmount(read.event.data.amount)))
    expect(Number(row?.time), body).toBe(parseInstant(read.event.time))
  }
})
