import type { Stack } from './stack'

/** What the sender holds against the product: the identities that were acknowledged, and the amounts that went with them. */
export interface Ledger {
  acknowledged: Map<string, bigint>
  retries: number
  resent: number
}

const PER_REQUEST = 20

/** A small deterministic generator (mulberry32), so that a storm can be run again. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/**
 * Sends requests of twenty events, each until it is acknowledged, and now and then one again that was acknowledged before. Events are a few
 * of each kind about common units, so that everything has to be joined. Ends when `stopping` is aborted, after its last request.
 */
export async function send(
  stack: Stack,
  client: number,
  next: () => number,
  ledger: Ledger,
  stopping: AbortSignal,
): Promise<void> {
  let sent: { body: string; events: { id: string; amount: bigint }[] }[] = []
  for (let n = 0; !stopping.aborted; n += 1) {
    const again = sent.length > 0 && next() < 0.05
    const request = again ? sent[Math.floor(next() * sent.length)] : makeRequest(client, n, next)
    if (!request) continue
    await untilAcknowledged(stack, request.body, ledger)
    if (again) ledger.resent += 1
    for (const { id, amount } of request.events) ledger.acknowledged.set(id, amount)
    sent = [...sent.slice(-50), request]
  }
}

async function untilAcknowledged(stack: Stack, body: string, ledger: Ledger): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(`${stack.ingestUrl}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/x-ndjson' },
        body,
        signal: AbortSignal.timeout(15_000),
      })
      const text = await answer.text()
      if (answer.status === 202) {
        const { accepted, duplicates } = JSON.parse(text)
        if (accepted + duplicates !== PER_REQUEST) throw new Error(`202 with ${text}`)
        return
      }
      if (answer.status < 500 && answer.status !== 429) throw new Refused(`${answer.status} ${text}`)
    } catch (error) {
      if (error instanceof Refused) throw error
    }
    ledger.retries += 1
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

class Refused extends Error {}

function makeRequest(client: number, n: number, next: () => number) {
  const events: { id: string; amount: bigint }[] = []
  const lines = Array.from({ length: PER_REQUEST }, (_, index) => {
    const id = `${client}-${n}-${index}`
    const unit = `u-${client}-${Math.floor(next() * (n + 1))}`
    const cents = Math.floor(next() * 100_000)
    const amount = (cents / 100).toFixed(2)
    events.push({ id, amount: BigInt(cents) * 100n })
    const time = new Date(Date.now() - Math.floor(next() * 30 * 86_400_000)).toISOString()
    return JSON.stringify({ specversion: '1.0', id, source: '/chaos', time, ...kind(index, id, unit, amount) })
  })
  return { body: lines.join('\n'), events }
}

function kind(index: number, id: string, unit: string, amount: string) {
  const line = `line-${unit}`
  switch (index % 4) {
    case 0:
      return {
        type: 'sale.shipped.v1',
        data: {
          order_id: `order-${unit}`,
          order_line_id: `${line}-${id}`,
          sku: 'sku',
          quantity: 1,
          net_amount: amount,
          currency: 'EUR',
          channel: 'web',
        },
      }
    case 1:
      return {
        type: 'settlement.paid.v1',
        data: { settlement_id: `s-${id}`, unit_id: unit, kind: 'refund', amount, currency: 'EUR' },
      }
    case 2:
      return {
        type: 'cost.incurred.v1',
        data: { cost_id: `c-${id}`, unit_id: unit, kind: 'labor', amount, currency: 'EUR' },
      }
    default:
      return {
        type: 'claim.opened.v1',
        data: { claim_id: `k-${id}`, unit_id: unit, supplier_id: 'sup', amount, currency: 'EUR' },
      }
  }
}
