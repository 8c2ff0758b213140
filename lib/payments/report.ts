import { z } from 'zod'
import { UserError } from '../errors'

const TIMEOUT = 10_000
const PAGE = 100
/** More than that in one report is no report but a history: import it as a file. */
const MOST = 20_000

const refund = z.looseObject({
  id: z.string(),
  amount: z.number().int().min(0),
  currency: z.string().optional(),
  status: z.string().nullish(),
  created: z.number().int(),
  metadata: z.record(z.string(), z.string()).default({}),
})
const page = z.looseObject({ data: z.array(refund), has_more: z.boolean().default(false) })

/** A refund as the provider lists it, its amount in the currency's smallest unit. */
export interface ListedRefund {
  readonly ref: string
  readonly settlementId: string
  readonly state: 'succeeded' | 'pending' | 'failed'
  readonly minor: bigint
  /** ISO 4217; '' where the provider does not say. */
  readonly currency: string
  readonly at: Date
}

/** Every refund that Stripe, or whatever speaks its API at `url`, has made in `[from, until)`. Throws a UserError (502) when it cannot be asked. */
export async function listRefunds(
  options: { readonly key: string; readonly url?: string },
  from: Date,
  until: Date,
): Promise<ListedRefund[]> {
  const all: z.output<typeof refund>[] = []
  for (let after = ''; ; ) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      'created[gte]': String(Math.floor(from.getTime() / 1000)),
      'created[lt]': String(Math.floor(until.getTime() / 1000)),
      ...(after ? { starting_after: after } : {}),
    })
    const { data, has_more } = await ask(`${options.url ?? 'https://api.stripe.com'}/v1/refunds?${query}`, options.key)
    all.push(...data)
    if (all.length > MOST)
      throw new UserError(
        'report_too_long',
        'The provider has too many refunds for one report. Import a file instead.',
        502,
      )
    const last = data.at(-1)?.id
    if (!has_more || !last) break
    after = last
  }
  return all
    .map(({ id, amount, currency, status, created, metadata }) => ({
      ref: id,
      settlementId: metadata.settlement_id ?? '',
      state:
        status === 'failed' || status === 'canceled'
          ? ('failed' as const)
          : status === 'succeeded'
            ? ('succeeded' as const)
            : ('pending' as const),
      minor: BigInt(amount),
      currency: (currency ?? '').toUpperCase(),
      at: new Date(created * 1000),
    }))
    .filter(({ at }) => at >= from && at < until)
}

async function ask(url: string, key: string): Promise<z.output<typeof page>> {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(TIMEOUT),
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    return page.parse(await response.json())
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UserError(
      'provider_unreachable',
      `The payment provider could not be asked (${reason}). Try again later.`,
      502,
    )
  }
}
