import { z } from 'zod'
import { divideHalfEven, smallestUnit } from '../money'
import type { AnswerOutcome, DisputeAnswer, PaymentProvider, RefundOrder, RefundOutcome } from './provider'

const TIMEOUT = 10_000
const refund = z.looseObject({
  id: z.string(),
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).default({}),
})
const list = z.looseObject({ data: z.array(refund) })
const failure = z.looseObject({ error: z.looseObject({ message: z.string().optional(), type: z.string().optional() }) })

/** An amount in the currency's smallest unit, as Stripe takes it. Throws when it has more decimals than the currency. */
export function minorUnits(amount: bigint, currency: string): bigint {
  const step = smallestUnit(currency)
  if (amount % step !== 0n) throw new Error(`${amount} is no whole number of the smallest unit of ${currency}`)
  return divideHalfEven(amount, step)
}

/**
 * Refunds and answers to disputes by Stripe's API (https://docs.stripe.com/api/refunds, …/api/disputes), or whatever speaks it at `url`. The idempotency key is our id, which is kept in
 * the refund's metadata too: keys may be forgotten after a day, metadata is not.
 */
export function stripe(options: { readonly key: string; readonly url?: string }): PaymentProvider {
  const url = options.url ?? 'https://api.stripe.com'
  const headers = { authorization: `Bearer ${options.key}` }
  return {
    name: 'stripe',
    async refund(order: RefundOrder): Promise<RefundOutcome> {
      const body = new URLSearchParams({
        payment_intent: order.payment,
        amount: minorUnits(order.amount, order.currency).toString(),
        'metadata[settlement_id]': order.id,
      })
      try {
        const response = await fetch(`${url}/v1/refunds`, {
          method: 'POST',
          headers: { ...headers, 'idempotency-key': order.id, 'content-type': 'application/x-www-form-urlencoded' },
          body,
          signal: AbortSignal.timeout(TIMEOUT),
        })
        const answer: unknown = await response.json()
        if (response.ok) return outcomeOf(refund.parse(answer))
        const reason = reasonOf(answer, response.status)
        return isDefinite(response.status) ? { state: 'failed', reason } : { state: 'unknown', reason }
      } catch (error) {
        return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) }
      }
    },
    async find(order: RefundOrder): Promise<RefundOutcome | undefined> {
      try {
        const query = new URLSearchParams({ payment_intent: order.payment, limit: '100' })
        const response = await fetch(`${url}/v1/refunds?${query}`, { headers, signal: AbortSignal.timeout(TIMEOUT) })
        if (!response.ok) return { state: 'unknown', reason: `the provider answered ${response.status}` }
        const found = list.parse(await response.json()).data.find(({ metadata }) => metadata.settlement_id === order.id)
        return found && outcomeOf(found)
      } catch (error) {
        return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) }
      }
    },
    async answer(answer: DisputeAnswer): Promise<AnswerOutcome> {
      const about = `${url}/v1/disputes/${encodeURIComponent(answer.ref)}`
      const body =
        answer.answer === 'disputed'
          ? new URLSearchParams({ 'evidence[uncategorized_text]': answer.text, submit: 'true' })
          : new URLSearchParams()
      try {
        const response = await fetch(answer.answer === 'accepted' ? `${about}/close` : about, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          body,
          signal: AbortSignal.timeout(TIMEOUT),
        })
        if (response.ok) return { state: 'taken' }
        const reason = reasonOf(await response.json().catch(() => undefined), response.status)
        return { state: isDefinite(response.status) ? 'refused' : 'unknown', reason }
      } catch (error) {
        return { state: 'unknown', reason: error instanceof Error ? error.message : String(error) }
      }
    },
  }
}

/** A conflict or a limit says nothing about what was asked; every other 4xx says that it will never be. */
const isDefinite = (status: number): boolean => status >= 400 && status < 500 && status !== 409 && status !== 429

const reasonOf = (answer: unknown, status: number): string =>
  failure.safeParse(answer).data?.error.message ?? `the provider answered ${status}`

function outcomeOf({ id, status, failure_reason }: z.output<typeof refund>): RefundOutcome {
  if (status === 'failed' || status === 'canceled') return { state: 'failed', reason: failure_reason ?? status }
  // Pending ones are on their way and Stripe's to finish: they count as paid, and a later failure comes as an event.
  return { state: 'paid', reference: id }
}
