import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What goes wrong with the next refund: it is done and the answer never comes, the server fails before or after, it is refused, or slow. */
export type Fault = 'lost_answer' | 'error_before' | 'error_after' | 'declined' | 'slow'

interface Refund {
  id: string
  object: 'refund'
  amount: number
  payment_intent: string
  status: 'succeeded'
  metadata: { settlement_id: string }
  created: number
}

interface Dispute {
  id: string
  object: 'dispute'
  amount: number
  currency: string
  payment_intent: string
  status: 'needs_response' | 'under_review' | 'won' | 'lost'
  reason: string
  created: number
  evidence: Record<string, string>
}

export interface FakeProvider {
  readonly url: string
  /** Every refund that was really made. */
  readonly refunds: readonly Refund[]
  readonly disputes: readonly Dispute[]
  /** A customer's bank takes money back: minor units of a payment. Gives the dispute's id. */
  dispute(payment: string, amount: number, currency?: string, created?: Date): string
  /** The bank decides. */
  decide(id: string, status: 'won' | 'lost'): void
  /** The faults of the next refunds, one each. */
  fail(...faults: Fault[]): void
  close(): Promise<void>
}

/** A small payment provider that speaks the part of Stripe's API that we use, with its idempotency, and with faults on demand. */
export async function startFakeProvider(port = 0): Promise<FakeProvider> {
  const refunds: Refund[] = []
  const disputes: Dispute[] = []
  const answered = new Map<string, { body: string; fingerprint: string }>()
  const faults: Fault[] = []
  const server: Server = createServer((request, response) => {
    void (async () => {
      const answer = (status: number, body: unknown) => {
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(typeof body === 'string' ? body : JSON.stringify(body))
      }
      const url = new URL(request.url ?? '/', 'http://provider')
      if (request.method === 'GET' && url.pathname === '/v1/disputes')
        return answer(200, { object: 'list', data: disputes })
      const [, disputed, closes] = /^\/v1\/disputes\/([^/]+)(\/close)?$/.exec(url.pathname) ?? []
      if (disputed) {
        const found = disputes.find(({ id }) => id === disputed)
        if (!found) return answer(404, { error: { message: 'no such dispute' } })
        if (found.status !== 'needs_response' && !closes)
          return answer(400, { error: { message: `this dispute is ${found.status}` } })
        const said = new URLSearchParams(await bodyOf(request))
        for (const [name, value] of said) if (name.startsWith('evidence[')) found.evidence[name.slice(9, -1)] = value
        found.status = closes ? 'lost' : 'under_review'
        return answer(200, found)
      }
      if (request.method === 'GET') {
        const data = refunds.filter(({ payment_intent }) => payment_intent === url.searchParams.get('payment_intent'))
        return answer(200, { object: 'list', data: url.searchParams.has('payment_intent') ? data : refunds })
      }
      const form = new URLSearchParams(await bodyOf(request))
      const key = String(request.headers['idempotency-key'] ?? '')
      const fault = faults.shift()
      if (fault === 'slow') await sleep(400)
      if (fault === 'error_before') return answer(500, { error: { message: 'try again later' } })
      if (fault === 'declined') return answer(402, { error: { message: 'the card was closed' } })
      const known = answered.get(key)
      if (known) {
        if (known.fingerprint !== form.toString())
          return answer(400, { error: { message: 'this key was used for another request' } })
        return answer(200, known.body)
      }
      const refund: Refund = {
        id: `re_${refunds.length + 1}_${Date.now().toString(36)}`,
        object: 'refund',
        amount: Number(form.get('amount')),
        payment_intent: form.get('payment_intent') ?? '',
        status: 'succeeded',
        metadata: { settlement_id: form.get('metadata[settlement_id]') ?? '' },
        created: Math.floor(Date.now() / 1000),
      }
      refunds.push(refund)
      const body = JSON.stringify(refund)
      answered.set(key, { body, fingerprint: form.toString() })
      if (fault === 'lost_answer') return void request.socket.destroy()
      if (fault === 'error_after') return answer(500, { error: { message: 'something broke' } })
      return answer(200, body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${bound}`,
    refunds,
    disputes,
    dispute(payment, amount, currency = 'eur', created = new Date()) {
      const id = `dp_${disputes.length + 1}_${Date.now().toString(36)}`
      const at = Math.floor(created.getTime() / 1000)
      disputes.push({
        ...{ id, object: 'dispute', amount, currency, payment_intent: payment, status: 'needs_response' },
        ...{ reason: 'credit_not_processed', created: at, evidence: {} },
      })
      return id
    },
    decide(id, status) {
      const found = disputes.find((each) => each.id === id)
      if (found) found.status = status
    },
    fail: (...next) => void faults.push(...next),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const provider = await startFakeProvider(Number(process.argv[2] ?? 0))
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => void provider.close().then(() => process.exit(0)))
}
