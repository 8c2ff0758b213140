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
const dispute = refund.extend({
  payment_intent: z.string().nullish(),
  charge: z.string().nullish(),
  reason: z.string().nullish(),
})

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

/** A dispute as the provider lists it: `succeeded` while the money is gone, `failed` when it is back, `pending` while only a question was asked. */
export interface ListedDispute extends Omit<ListedRefund, 'settlementId'> {
  /** The provider's reference of the payment that is disputed. */
  readonly payment: string
  readonly reason: string
}

interface Provider {
  readonly key: string
  readonly url?: string
}

/** Every refund that Stripe, or whatever speaks its API at `url`, has made in `[from, until)`. Throws a UserError (502) when it cannot be asked. */
export async function listRefunds(provider: Provider, from: Date, until: Date): Promise<ListedRefund[]> {
  const all = await list(provider, 'refunds', refund, from, until)
  return all.map(({ metadata, status, ...each }) => ({
    ...listed(each),
    settlementId: metadata.settlement_id ?? '',
    state:
      status === 'failed' || status === 'canceled'
        ? ('failed' as const)
        : status === 'succeeded'
          ? ('succeeded' as const)
          : ('pending' as const),
  }))
}

/** Every dispute that was opened in `[from, until)`, as it stands now. Throws a UserError (502) when the provider cannot be asked. */
export async function listDisputes(provider: Provider, from: Date, until: Date): Promise<ListedDispute[]> {
  const all = await list(provider, 'disputes', dispute, from, until)
  return all.map(({ status, payment_intent, charge, reason, ...each }) => ({
    ...listed(each),
    payment: payment_intent ?? charge ?? '',
    reason: reason ?? '',
    state:
      status === 'won' || status === 'prevented' || status === 'warning_closed'
        ? ('failed' as const)
        : status?.startsWith('warning_')
          ? ('pending' as const)
          : ('succeeded' as const),
  }))
}

const listed = ({
  id,
  amount,
  currency,
  created,
}: Pick<z.output<typeof refund>, 'id' | 'amount' | 'currency' | 'created'>) => ({
  ref: id,
  minor: BigInt(amount),
  currency: (currency ?? '').toUpperCase(),
  at: new Date(created * 1000),
})

async function list<T extends z.output<typeof refund>>(
  { key, url = 'https://api.stripe.com' }: Provider,
  what: 'refunds' | 'disputes',
  item: z.ZodType<T>,
  from: Date,
  until: Date,
): Promise<T[]> {
  const page = z.looseObject({ data: z.array(item), has_more: z.boolean().default(false) })
  const all: T[] = []
  for (let after = ''; ; ) {
    const query = new URLSearchParams({
      limit: String(PAGE),
      'created[gte]': String(Math.floor(from.getTime() / 1000)),
      'created[lt]': String(Math.floor(until.getTime() / 1000)),
      ...(after ? { starting_after: after } : {}),
    })
    const { data, has_more } = await ask(`${url}/v1/${what}?${query}`, key, page)
    all.push(...data)
    if (all.length > MOST)
      throw new UserError(
        'report_too_long',
        `The provider has too many ${what} for one report. Import a file instead.`,
        502,
      )
    const last = data.at(-1)?.id
    if (!has_more || !last) break
    after = last
  }
  return all.filter(({ created }) => created * 1000 >= from.getTime() && created * 1000 < until.getTime())
}

async function ask<T>(url: string, key: string, page: z.ZodType<T>): Promise<T> {
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
