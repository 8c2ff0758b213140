import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { evidence, evidenceLink, returnUnit, supplierClaim } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits, parseAmount } from '../../money'
import { whyClosed } from '../../returns/lifecycle'
import { type Context, command } from '../command'
import { keepLonger } from '../evidence/keep'
import { texts } from '../record/books'
import type { ClaimRow, UnitRow } from '../record/types'
import { requireInScope } from '../scope'
import { momentOf, moved } from '../unit'
import { agreements } from './terms'

const id = z.string().trim().min(1).max(128)
const ids = z.array(id).min(1).max(500)
const amountText = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, 'is not an amount')

export interface Worked {
  readonly claimIds: readonly string[]
}

/** A claim with its unit, both locked until the command ends. */
export interface Held {
  readonly claim: ClaimRow
  readonly unit: UnitRow
}

/** Locks claims by their units, in one order for everybody. 404 outside of the actor's rows. */
export async function hold(context: Context, claimIds: readonly string[]): Promise<Held[]> {
  const wanted = [...new Set(claimIds)].sort()
  const of = sql`SELECT c.unit_id FROM supplier_claim c WHERE c.id IN ${texts(wanted)}`
  const units = await context.tx
    .select()
    .from(returnUnit)
    .where(sql`${returnUnit.id} IN (${of})`)
    .orderBy(returnUnit.id)
    .for('update')
  const claims = await context.tx
    .select()
    .from(supplierClaim)
    .where(sql`${supplierClaim.id} IN ${texts(wanted)}`)
    .orderBy(supplierClaim.id)
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  return wanted.map((claimId) => {
    const claim = claims.find((each) => each.id === claimId)
    const unit = claim && byId.get(claim.unitId)
    requireInScope(context.actor, claim && unit, `claim ${claimId}`)
    if (!claim || !unit) throw new UserError('not_found', `There is no claim ${claimId}.`, 404, 'claimIds')
    return { claim, unit }
  })
}

/** Refuses (409, `claim_state`) a claim that is not in one of these states. */
export function requireState({ claim }: Held, states: readonly ClaimRow['state'][], what: string): void {
  if (states.includes(claim.state)) return
  throw new UserError(
    'claim_state',
    `${claim.id} is ${claim.state}: only a claim that is ${states.join(' or ')} can be ${what}.`,
    409,
    'claimIds',
  )
}

/** Never before what is known of the claim, so that this is its latest. */
export function after(context: Context, { claim }: Held): Date {
  const latest = [claim.openedAt, claim.submittedAt, claim.answeredAt, claim.recoveredAt, lastOf(claim)]
  const last = Math.max(...latest.map((each) => each?.getTime() ?? 0))
  return last >= context.at.getTime() ? new Date(last + 1) : context.at
}

/** The time of the event that a row stands for; it begins the order's text. */
const lastOf = ({ eventOrder }: ClaimRow): Date => new Date(Number(eventOrder.split('\u0001')[0]) || 0)

/** What stays the same in every event of a claim. */
export const about = ({ claim, unit }: Held) => ({
  claim_id: claim.id,
  unit_id: unit.id,
  supplier_id: claim.supplierId,
  currency: claim.currency,
})

/** A claim that outside systems told of becomes ours with the first thing that we do to it. */
export const ours = (held: readonly Held[], own: Partial<ClaimRow> = {}): Map<string, Partial<ClaimRow>> =>
  new Map(held.map(({ claim }) => [claim.id, { external: false, ...own }]))

/** Sends claims to their supplier, with a reference and documents; where the goods go along, they leave with it. */
export const submit = command({
  name: 'claim.submit',
  title: 'Submit to the supplier',
  permission: 'claims:write',
  input: z.strictObject({
    claimIds: ids,
    reference: z.string().trim().min(1, 'Say under which reference it was sent.').max(128),
    /** SHA-256 of documents that are kept as evidence. */
    documents: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .max(50)
      .default([]),
    returnGoods: z.boolean().default(false),
  }),
  async run(context, asked): Promise<Worked & { returned: readonly string[] }> {
    const held = await hold(context, asked.claimIds)
    for (const each of held) requireState(each, ['opened'], 'submitted')
    await requireMinimum(context, held)
    await attach(context, held, asked.documents)
    const events: AnyEvent[] = []
    const returned: string[] = []
    for (const each of held) {
      const { claim, unit } = each
      const amount = formatUnits(claim.claimed)
      const at = after(context, each)
      const data = {
        ...about(each),
        amount,
        external_ref: asked.reference,
        ...(claim.reason ? { reason: claim.reason } : {}),
      }
      events.push(context.event('claim.submitted.v1', unit.id, data, at))
      if (!asked.returnGoods || whyClosed('claim.submit', unit, 'returned_to_vendor') !== undefined) continue
      returned.push(unit.id)
      events.push(moved(context, unit, 'returned_to_vendor', momentOf(context, unit)))
    }
    await context.record(events, { claims: ours(held) })
    return { claimIds: held.map(({ claim }) => claim.id), returned }
  },
})

/** Notes that the supplier accepts: the whole of a claim, or less. */
export const accept = command({
  name: 'claim.accept',
  title: 'Accepted by the supplier',
  permission: 'claims:write',
  input: z.strictObject({
    claims: z
      .array(z.strictObject({ claimId: id, amount: amountText.optional() }))
      .min(1)
      .max(500),
    reason: z.string().trim().max(500).optional(),
  }),
  async run(context, asked): Promise<Worked> {
    const held = await hold(
      context,
      asked.claims.map(({ claimId }) => claimId),
    )
    const events = held.map((each) => {
      requireState(each, ['submitted'], 'accepted')
      const { claim } = each
      const given = asked.claims.find(({ claimId }) => claimId === claim.id)?.amount
      const amount = given === undefined ? claim.claimed : (parseAmount(given) ?? 0n)
      if (amount <= 0n || amount > claim.claimed)
        throw new UserError(
          'above_claimed',
          `${claim.id}: a supplier accepts more than nothing and at most the ${formatUnits(claim.claimed, 2)} ${claim.currency} that were claimed. To note a refusal, reject it.`,
          400,
          'amount',
        )
      return context.event(
        'claim.accepted.v1',
        claim.unitId,
        { ...about(each), amount: formatUnits(amount), ...(asked.reason ? { reason: asked.reason } : {}) },
        after(context, each),
      )
    })
    await context.record(events, { claims: ours(held), ...(asked.reason ? { reason: asked.reason } : {}) })
    return { claimIds: held.map(({ claim }) => claim.id) }
  },
})

/** Notes that the supplier says no, and why. The unit is free for another claim while its window is open. */
export const reject = command({
  name: 'claim.reject',
  title: 'Rejected by the supplier',
  permission: 'claims:write',
  input: z.strictObject({ claimIds: ids, reason: z.string().trim().min(3, 'Say why, in a few words.').max(500) }),
  async run(context, asked): Promise<Worked> {
    const held = await hold(context, asked.claimIds)
    const events = held.map((each) => {
      requireState(each, ['opened', 'submitted', 'accepted'], 'rejected')
      if (each.claim.recovered > 0n)
        throw new UserError(
          'already_recovered',
          `${each.claim.id}: money has come for it. Write off the rest instead.`,
          409,
          'claimIds',
        )
      const data = { ...about(each), amount: formatUnits(each.claim.claimed), reason: asked.reason }
      return context.event('claim.rejected.v1', each.unit.id, data, after(context, each))
    })
    await context.record(events, { claims: ours(held), reason: asked.reason })
    return { claimIds: held.map(({ claim }) => claim.id) }
  },
})

/** Notes money that came. `amount` is all that has come for the claim so far; the whole of what was accepted when not said. */
export const recover = command({
  name: 'claim.recover',
  title: 'Money has come',
  permission: 'claims:write',
  input: z.strictObject({
    claims: z
      .array(z.strictObject({ claimId: id, amount: amountText.optional() }))
      .min(1)
      .max(500),
    /** Of the payment or the credit note. */
    reference: z.string().trim().max(128).optional(),
  }),
  async run(context, asked): Promise<Worked> {
    const held = await hold(
      context,
      asked.claims.map(({ claimId }) => claimId),
    )
    const events = held.map((each) => {
      requireState(each, ['accepted', 'recovered'], 'paid')
      const { claim } = each
      const given = asked.claims.find(({ claimId }) => claimId === claim.id)?.amount
      const amount = given === undefined ? claim.accepted : (parseAmount(given) ?? 0n)
      const money = (value: bigint) => `${formatUnits(value, 2)} ${claim.currency}`
      if (amount > claim.accepted)
        throw new UserError(
          'above_accepted',
          `${claim.id}: ${money(claim.accepted)} were accepted, and no more than that can come for it.`,
          400,
          'amount',
        )
      if (amount <= claim.recovered)
        throw new UserError(
          'not_more',
          `${claim.id}: ${money(claim.recovered)} have come already. Say how much it is in all: more than that.`,
          400,
          'amount',
        )
      return context.event(
        'claim.recovered.v1',
        claim.unitId,
        {
          ...about(each),
          amount: formatUnits(amount),
          ...(asked.reference ? { external_ref: asked.reference } : {}),
          ...(claim.reason ? { reason: claim.reason } : {}),
        },
        after(context, each),
      )
    })
    await context.record(events, { claims: ours(held) })
    return { claimIds: held.map(({ claim }) => claim.id) }
  },
})

/** What is sent together must reach what the supplier takes at least. */
async function requireMinimum(context: Context, held: readonly Held[]): Promise<void> {
  const totals = new Map<string, bigint>()
  for (const { claim } of held) totals.set(claim.supplierId, (totals.get(claim.supplierId) ?? 0n) + claim.claimed)
  const terms = await agreements(context.tx, [...totals.keys()])
  for (const [supplierId, total] of totals) {
    const agreement = terms.get(supplierId)
    if (!agreement || total >= agreement.minimum) continue
    throw new UserError(
      'below_minimum',
      `${agreement.name} takes claims from ${formatUnits(agreement.minimum, 2)} ${agreement.currency} on; these come to ${formatUnits(total, 2)}. Send more of them together.`,
      409,
      'claimIds',
    )
  }
}

/** Links documents to the claims that they prove. They must be kept here already. */
async function attach(context: Context, held: readonly Held[], documents: readonly string[]): Promise<void> {
  const wanted = [...new Set(documents)]
  if (wanted.length === 0) return
  const kept = await context.tx
    .select({ sha256: evidence.sha256 })
    .from(evidence)
    .where(sql`${evidence.sha256} IN ${texts(wanted)} AND ${evidence.purgedAt} IS NULL`)
  if (kept.length < wanted.length)
    throw new UserError('unknown_evidence', 'A document is not kept here. Add it first.', 409, 'documents')
  // What a claim rests on is kept as long as the books; in one order, so that two claims with the same photos wait for each other.
  for (const each of wanted.toSorted()) await keepLonger(context, each, 'record')
  await context.tx
    .insert(evidenceLink)
    .values(
      held.flatMap(({ claim }) =>
        wanted.map((sha256) => ({
          sha256,
          subjectType: 'claim' as const,
          subjectId: claim.id,
          at: context.at,
          by: context.doer.id,
        })),
      ),
    )
    .onConflictDoNothing()
}
