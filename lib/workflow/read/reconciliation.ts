import { eq, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { account, facility } from '../../db/schema'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { DIFFERENCE_KINDS, type Difference, sizeOf, type Tie, WAYS, type Way } from '../../returns/reconciliation'
import { compare } from '../reconciliation/compare'
import { visibleTo } from '../reconciliation/side'
import { type Dealt, dealtWith } from '../reconciliation/states'
import { rowsBehind } from './reconciliation-rows'
import type { DifferenceDetail, DifferenceLine, ReconciliationView, TieLine } from './reconciliation-types'

const SIDES: Readonly<Record<Way, readonly [string, string]>> = {
  stock: ['Stock ledger', 'Counted'],
  payments: ['Settled here', 'Reported or captured'],
  ledger: ['Sub-ledger', 'Journal'],
  receipts: ['Expected', 'Received'],
}

/** A balance is held against its own movements and units too, not only against a count. */
const COLUMNS: Readonly<Record<Way, readonly [string, string]>> = {
  ...SIDES,
  stock: ['Stock ledger', 'Counted or summed'],
}

/** Listed at once; all of them are in the CSV. */
const LISTED = 400

/** One way of reconciling as it is now, in the actor's rows; the largest open differences first. */
export async function reconciliation(
  actor: Actor,
  way: Way,
  all = false,
  now = new Date(),
): Promise<ReconciliationView> {
  authorize(actor, 'journal:read')
  const side = await compare(db(), way, visibleTo(actor), now)
  const dealt = await dealtWith(db(), side.differences, now)
  const lines = side.differences.map((each) => ({ each, dealt: dealt(each) }))
  const names = await namesOf(lines.flatMap((line) => line.dealt.assignee ?? []))
  const size = ({ each }: (typeof lines)[number]) => abs(sizeOf(each))
  lines.sort(
    (a, b) =>
      Number(a.dealt.state === 'settled') - Number(b.dealt.state === 'settled') ||
      (size(b) > size(a) ? 1 : size(b) < size(a) ? -1 : a.each.key < b.each.key ? -1 : 1),
  )
  return {
    way,
    sides: SIDES[way],
    columns: COLUMNS[way],
    ties: side.ties.map(tieLine),
    differences: (all ? lines : lines.slice(0, LISTED)).map(({ each, dealt: known }) => lineOf(each, known, names)),
    count: lines.length,
    open: lines.filter((line) => line.dealt.state !== 'settled').length,
    notes: side.notes,
    at: now.toISOString(),
  }
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)

function tieLine(tie: Tie): TieLine {
  const words = amountIn(tie.currency)
  return {
    label: tie.label,
    ours: words(tie.ours),
    theirs: words(tie.theirs),
    difference: words(tie.ours - tie.theirs),
    currency: tie.currency,
  }
}

const amountIn =
  (currency: string) =>
  (value: bigint): string =>
    currency === '' ? String(value) : formatUnits(value)

function lineOf(difference: Difference, dealt: Dealt, names: ReadonlyMap<string, string>): DifferenceLine {
  const { kind, currency, ours, theirs, since, ...rest } = difference
  const { label, guess, settling } = DIFFERENCE_KINDS[kind]
  const text = amountIn(currency)
  return {
    ...rest,
    ...{ kind, label, guess, settling, currency },
    ...{ ours: text(ours), theirs: text(theirs), difference: text(ours - theirs) },
    since: since?.toISOString() ?? null,
    state: dealt.state,
    waitUntil: dealt.waitUntil?.toISOString() ?? null,
    note: dealt.note,
    ownerRole: dealt.ownerRole,
    assignee: dealt.assignee ? (names.get(dealt.assignee) ?? dealt.assignee) : null,
    exceptionId: dealt.exceptionId,
    entryId: dealt.entryId,
  }
}

async function namesOf(ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db()
    .select({ id: account.id, name: account.name })
    .from(account)
    .where(sql`${account.id}::text IN (SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** One difference with the rows behind it. 404 when both sides agree meanwhile, or it is not in the actor's rows. */
export async function differenceDetail(actor: Actor, key: string, now = new Date()): Promise<DifferenceDetail> {
  authorize(actor, 'journal:read')
  const way = WAYS.find((each) => key.startsWith(`${each}:`))
  const visible = visibleTo(actor)
  const difference = way && (await compare(db(), way, visible, now)).differences.find((each) => each.key === key)
  if (!difference)
    throw new UserError(
      'not_found',
      'Both sides agree on this by now, or it is not in your part of the company.',
      404,
      'key',
    )
  const dealt = (await dealtWith(db(), [difference], now))(difference)
  const [names, behind, people, entities] = await Promise.all([
    namesOf(dealt.assignee ? [dealt.assignee] : []),
    rowsBehind(difference, visible),
    db()
      .select({ id: account.id, name: account.name })
      .from(account)
      .where(eq(account.active, true))
      .orderBy(account.name),
    db().selectDistinct({ entity: facility.entity }).from(facility).orderBy(facility.entity),
  ])
  const { entities: own } = actor.scope
  return {
    line: lineOf(difference, dealt, names),
    sides: COLUMNS[way],
    behind,
    people,
    entities: entities.map(({ entity }) => entity).filter((entity) => own === null || own.includes(entity)),
  }
}
