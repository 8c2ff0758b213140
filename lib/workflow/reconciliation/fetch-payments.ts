import { sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db, withTransaction } from '../../db/client'
import { env } from '../../env'
import { UserError } from '../../errors'
import { listDisputes, listRefunds } from '../../payments/report'
import { placesOf } from '../../returns/claims'
import { doerOf } from '../execute'
import { audit } from '../record/audit'
import { texts } from '../record/books'
import type { Doer } from '../record/types'
import { type Imported, keepPayments } from './import'

const PROVIDER = 'stripe'
const MINUTE = 60_000
const DAY = 86_400_000
/** What has just happened may stand on one side and not yet on the other. */
const SETTLES_WITHIN = 5 * MINUTE
/** Banks decide on a chargeback for months after it was opened. */
const DISPUTED_FOR = 120 * DAY

const RECONCILER: Doer = { kind: 'system', id: 'reconciliation', name: 'Reconciliation', roles: [] }

/**
 * Asks the payment provider for its refunds since its last report, and for its disputes as they stand, and keeps them as one report. `actor` is who asked for it, when a person did.
 * Nothing happens (`null`) when there is no provider, or less than a minute to report. Throws a UserError (502) when it cannot be asked.
 */
export async function fetchPayments(actor: Actor | null, now = new Date()): Promise<Imported | null> {
  if (actor) authorize(actor, 'journal:prepare')
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: url } = env()
  if (!key) {
    if (!actor) return null
    throw new UserError(
      'no_provider',
      'No payment provider is connected: set STRIPE_SECRET_KEY, or import a file.',
      409,
    )
  }
  // Whole seconds, which is how providers tell the time: what lies between two reports is in exactly one of them.
  const until = new Date(Math.floor((now.getTime() - SETTLES_WITHIN) / 1000) * 1000)
  const from = await reportedUntil(now)
  if (until.getTime() - from.getTime() < MINUTE) return null
  const provider = { key, ...(url ? { url } : {}) }
  const refunds = await listRefunds(provider, from, until)
  const disputes = await listDisputes(provider, new Date(until.getTime() - DISPUTED_FOR), until)
  const currencies = await currenciesOf(refunds.map(({ settlementId }) => settlementId))
  const inUnits = (minor: bigint, currency: string) => ({
    currency,
    amount: minor * 10n ** BigInt(4 - placesOf(currency)),
  })
  const rows = [
    ...refunds.map(({ minor, currency, ...row }) => {
      const own = currency || currencies.get(row.settlementId) || env().BACKHAUL_CURRENCY
      return { ...row, ...inUnits(minor, own), kind: 'refund' as const, payment: '', reason: '' }
    }),
    ...disputes.map(({ minor, currency, ...row }) => ({
      ...{ ...row, ...inUnits(minor, currency || env().BACKHAUL_CURRENCY) },
      ...{ kind: 'chargeback' as const, settlementId: '' },
    })),
  ]
  const doer = actor ? doerOf(actor) : RECONCILER
  return withTransaction((tx) =>
    keepPayments(
      { tx, at: now, doer, audit: (entries, about) => audit(tx, doer, now, entries, about) },
      {
        ...{ provider: PROVIDER, origin: 'list of the provider', channels: [], from, until, rows },
        content: `${from.toISOString()}\0${until.toISOString()}`,
      },
    ),
  )
}

/** Where the last list of the provider ended; before the first one, a month back. */
async function reportedUntil(now: Date): Promise<Date> {
  const { rows } = await db().execute<{ until: Date | null }>(
    sql`SELECT max(covers_until) AS until FROM outside_report WHERE kind = 'payments' AND reporter = ${PROVIDER} AND origin = 'list of the provider'`,
  )
  return rows[0]?.until ? new Date(rows[0].until) : new Date(Math.floor(now.getTime() / 1000) * 1000 - 30 * DAY)
}

async function currenciesOf(settlements: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db().execute<{ id: string; currency: string }>(
    sql`SELECT id, currency FROM settlement WHERE id IN ${texts(settlements)}`,
  )
  return new Map(rows.map(({ id, currency }) => [id, currency]))
}
