import { eq, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { returnUnit, supplierClaim } from '../../db/schema'
import { env } from '../../env'
import { formatUnits } from '../../money'
import {
  CLAIM_STAGES,
  CLAIMABLE_FINDINGS,
  type ClaimStage,
  costIn,
  coveredAmount,
  outstanding,
  type RateOf,
  stageOf,
  windowUntil,
} from '../../returns/claims'
import { agreements, ratesAt, type Supplier } from '../claims/terms'
import type { ClaimRow } from '../record/types'
import { scopeOf } from '../scope'
import { linesOf, since, termsOf, type Weighed } from './claim-lines'
import type { ClaimsBoard, SupplierGroup } from './claims-types'

/** How far back claims that are over, and windows that were missed, are shown. */
const BACK_DAYS = 400
const DAY = 86_400_000
/** Lines of one supplier that are listed before one asks for that supplier. */
const FIRST = 12

export interface AskedClaims {
  readonly stage: ClaimStage
  readonly supplierId?: string
  /** Every line, not only the first of each supplier. */
  readonly all?: boolean
}

/** What stands where between eligible and recovered, by supplier, the nearest deadline first. */
export async function claimsBoard(actor: Actor, asked: AskedClaims, now = new Date()): Promise<ClaimsBoard> {
  authorize(actor, 'claims:read')
  const [terms, rateOf] = await Promise.all([agreements(db()), ratesAt(db(), now)])
  const weighed = (await Promise.all([claimed(actor, now), unclaimed(actor, terms, rateOf, now)])).flat()
  const worth = (lines: readonly Weighed[]) => worthOf(lines, rateOf)
  const ending = weighed.filter((line) => endsSoon(line, now))
  const bySupplier = grouped(weighed.filter(({ stage }) => stage === asked.stage))
  const shown = asked.supplierId === undefined ? bySupplier : bySupplier.filter(([id]) => id === asked.supplierId)
  const whole = asked.all || asked.supplierId !== undefined
  const listed = shown.map(([, lines]) => (whole ? lines : lines.slice(0, FIRST)))
  const lineOf = await linesOf(db(), listed.flat())
  return {
    stage: asked.stage,
    stages: CLAIM_STAGES.map((stage) => {
      const lines = weighed.filter((each) => each.stage === stage)
      return { stage, count: lines.length, value: worth(lines) }
    }),
    ending: { count: ending.length, value: worth(ending) },
    suppliers: shown.map(([id, lines], index) => ({
      ...groupOf(id, lines, terms.get(id), asked.stage),
      lines: (listed[index] ?? []).flatMap((each) => lineOf(each) ?? []),
    })),
    known: bySupplier
      .map(([supplierId, lines]) => ({
        supplierId,
        name: terms.get(supplierId)?.name ?? supplierId,
        count: lines.length,
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  }
}

/** What can still be claimed and cannot a week from now, in the reporting currency: count, worth and the first day. */
export async function endingWindows(
  actor: Actor,
  now = new Date(),
): Promise<{ count: number; value: string; first: string | null }> {
  authorize(actor, 'claims:read')
  const [terms, rateOf] = await Promise.all([agreements(db()), ratesAt(db(), now)])
  const ending = (await unclaimed(actor, terms, rateOf, now)).filter((line) => endsSoon(line, now))
  const first = Math.min(...ending.map(end))
  return {
    count: ending.length,
    value: worthOf(ending, rateOf),
    first: ending.length === 0 ? null : new Date(first).toISOString(),
  }
}

/** In the reporting currency, at today's rates. */
function worthOf(lines: readonly Weighed[], rateOf: RateOf): string {
  const reporting = env().BACKHAUL_CURRENCY
  return formatUnits(
    lines.reduce((sum, { amount, currency }) => sum + (costIn(amount, currency, reporting, rateOf) ?? 0n), 0n),
  )
}

const endsSoon = ({ stage, until }: Weighed, now: Date): boolean =>
  stage === 'eligible' && until !== null && until.getTime() <= now.getTime() + 7 * DAY

const FAR = Number.MAX_SAFE_INTEGER
const end = (line: Weighed | undefined): number => line?.until?.getTime() ?? FAR

/** By supplier; the supplier with the nearest deadline first, then the one with the most. */
function grouped(lines: readonly Weighed[]): [string, Weighed[]][] {
  const groups = new Map<string, Weighed[]>()
  for (const line of lines) {
    const known = groups.get(line.supplierId)
    if (known) known.push(line)
    else groups.set(line.supplierId, [line])
  }
  for (const list of groups.values()) list.sort((a, b) => end(a) - end(b) || Number(b.amount - a.amount))
  return [...groups].sort(([, a], [, b]) => end(a[0]) - end(b[0]) || b.length - a.length)
}

function groupOf(
  supplierId: string,
  lines: readonly Weighed[],
  terms: Supplier | undefined,
  stage: ClaimStage,
): Omit<SupplierGroup, 'lines'> {
  const totals = new Map<string, bigint>()
  for (const { currency, amount } of lines) totals.set(currency, (totals.get(currency) ?? 0n) + amount)
  const total = terms ? (totals.get(terms.currency) ?? 0n) : 0n
  const unsent = stage === 'eligible' || stage === 'opened'
  return {
    supplierId,
    name: terms?.name ?? supplierId,
    terms: terms ? termsOf(terms) : null,
    count: lines.length,
    totals: [...totals].map(([currency, amount]) => ({ currency, amount: formatUnits(amount) })),
    deadline: lines[0]?.until?.toISOString() ?? null,
    short: unsent && terms && total < terms.minimum ? formatUnits(terms.minimum - total) : null,
  }
}

const back = (now: Date): string => new Date(now.getTime() - BACK_DAYS * DAY).toISOString()

/** Claims that are under way, and those that ended lately. */
async function claimed(actor: Actor, now: Date): Promise<Weighed[]> {
  const { id, unitId, supplierId, state, currency, claimed: amount, accepted, recovered, writtenOff } = supplierClaim
  const { windowUntil: until, openedAt, submittedAt, answeredAt, recoveredAt } = supplierClaim
  const times = { windowUntil: until, openedAt, submittedAt, answeredAt, recoveredAt }
  const rows = await db()
    .select({ id, unitId, supplierId, state, currency, claimed: amount, accepted, recovered, writtenOff, ...times })
    .from(supplierClaim)
    .innerJoin(returnUnit, eq(returnUnit.id, unitId))
    .where(
      sql`${scopeOf(actor, returnUnit)} AND (${state} IN ('opened', 'submitted', 'accepted')
        OR ${accepted} > ${recovered} + ${writtenOff} OR coalesce(${recoveredAt}, ${answeredAt}, ${openedAt}) > ${back(now)}::timestamptz)`,
    )
  return rows.map((claim) => {
    const stage = stageOf(claim)
    return {
      stage,
      unitId: claim.unitId,
      claimId: claim.id,
      supplierId: claim.supplierId,
      currency: claim.currency,
      amount: standing(claim, stage),
      until: stage === 'opened' ? claim.windowUntil : since(claim),
      rejectedBefore: false,
    }
  })
}

/** What a claim adds to the total of its stage. */
const standing = (
  claim: Pick<ClaimRow, 'claimed' | 'accepted' | 'recovered' | 'writtenOff'>,
  stage: ClaimStage,
): bigint => (stage === 'accepted' ? outstanding(claim) : stage === 'recovered' ? claim.recovered : claim.claimed)

/** Units that an agreement covers and that are in no claim: eligible while the window is open, missed after it. */
async function unclaimed(
  actor: Actor,
  terms: ReadonlyMap<string, Supplier>,
  rateOf: RateOf,
  now: Date,
): Promise<Weighed[]> {
  const { id, supplierId, unitCost, quantity, currency, receivedAt, inspectedAt } = returnUnit
  const rows = await db()
    .select({
      ...{ id, supplierId, unitCost, quantity, currency, receivedAt, inspectedAt },
      rejected: sql<boolean>`EXISTS (SELECT FROM supplier_claim c WHERE c.unit_id = ${id})`,
    })
    .from(returnUnit)
    .where(
      sql`${scopeOf(actor, returnUnit)} AND ${returnUnit.splitAt} IS NULL AND ${quantity} > 0 AND ${inspectedAt} > ${back(now)}::timestamptz
        AND ${returnUnit.finding} IN (SELECT jsonb_array_elements_text(${JSON.stringify(CLAIMABLE_FINDINGS)}::jsonb))
        AND NOT EXISTS (SELECT FROM supplier_claim c WHERE c.unit_id = ${id} AND c.state <> 'rejected')`,
    )
  return rows.flatMap((unit): Weighed[] => {
    const agreement = terms.get(unit.supplierId)
    if (!agreement || agreement.coverage <= 0n) return []
    const amount = coveredAmount(unit.unitCost * BigInt(unit.quantity), unit.currency, agreement, rateOf) ?? 0n
    const until = windowUntil(unit, agreement)
    if (amount === 0n || !until) return []
    const open = now.getTime() <= until.getTime()
    // What its supplier has rejected was claimed in time: it was not missed.
    if (unit.rejected && !open) return []
    return [
      {
        stage: open ? 'eligible' : 'missed',
        unitId: unit.id,
        claimId: null,
        supplierId: unit.supplierId,
        currency: agreement.currency,
        amount,
        until,
        rejectedBefore: unit.rejected,
      },
    ]
  })
}
