import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { UserError } from '../../errors'
import { readChecklist } from '../../returns/checklist'
import { CONDITIONS, DISPOSITIONS, FINDINGS } from '../../returns/codes'
import { type Proposal, whyForbidden } from '../../returns/disposition'
import { goodsClass } from '../../returns/goods'
import { type Context, command } from '../command'
import { judgedOf, proposalFor } from '../disposition/proposal'
import { code } from '../receipt/receive'
import type { UnitRow } from '../record/types'
import { shiftOf } from '../shift'
import { facilityOf, known, lockUnit, momentOf, moved, requireOpen, soldAs } from '../unit'
import { knownEvidence, labour, problems, serialFits, wrongItem } from './checks'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hex')

/** What every look at a unit gives. */
const seen = {
  unitId: code,
  condition: z.enum(CONDITIONS),
  finding: z.enum(FINDINGS),
  serial: code.optional(),
  /** Minutes of work, which become a labour cost. */
  laborMinutes: z.number().min(0).max(480).optional(),
  evidence: z.array(sha256).max(20).default([]),
}
const input = z.strictObject({ ...seen, checklist: z.record(z.string(), z.boolean()).default({}) })
const again = z.strictObject({
  ...seen,
  accessoriesComplete: z.boolean().optional(),
  reason: z.string().trim().min(3).max(500),
})

export interface Inspected {
  readonly unitId: string
  readonly serialMatch: boolean | null
  readonly accessoriesComplete: boolean | null
  readonly exceptions: readonly string[]
  /** What the rule says should become of it; null while that automation is off. */
  readonly proposal: Proposal | null
}

/** First look: grade, finding, checklist, serial against what was shipped. All codes are mandatory. */
export const inspect = command({
  name: 'unit.inspect',
  title: 'Inspect',
  permission: 'units:inspect',
  input,
  async run(context, asked): Promise<Inspected> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.inspect', unit)
    const { open, accessoriesComplete } = readChecklist(unit.category, asked.checklist)
    if (open.length > 0)
      throw new UserError(
        'checklist_open',
        `Still to be answered: ${open.map(({ question }) => question).join(', ')}.`,
        400,
        `checklist.${open[0]?.id}`,
      )
    const around = await aroundOf(context, unit)
    if (around.wrong && asked.finding !== 'wrong_item_returned')
      throw new UserError(
        'wrong_item',
        'Another item was received in its place. Find "wrong item returned", or resolve the exception first.',
        409,
        'finding',
      )
    return look(context, unit, around, { ...asked, accessoriesComplete })
  },
})

/**
 * Another look, with a reason: after a repair, or because the first one was wrong. A disposition that the new grade does not allow is taken
 * back, and the goods are kept apart until somebody decides again.
 */
export const regrade = command({
  name: 'unit.regrade',
  title: 'Grade again',
  permission: 'units:inspect',
  input: again,
  async run(context, asked): Promise<Inspected> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.regrade', unit)
    return look(context, unit, await aroundOf(context, unit), {
      ...asked,
      accessoriesComplete: asked.accessoriesComplete ?? unit.accessoriesComplete ?? undefined,
    })
  },
})

interface Look {
  readonly condition: (typeof CONDITIONS)[number]
  readonly finding: (typeof FINDINGS)[number]
  readonly serial?: string | undefined
  readonly laborMinutes?: number | undefined
  readonly evidence: readonly string[]
  readonly accessoriesComplete?: boolean | undefined
  readonly reason?: string | undefined
}

/** What a look at a unit is judged by: whether another item came in its place, how it was sold, and where it lies. */
async function aroundOf(context: Context, unit: UnitRow) {
  const [wrong, sold, place] = await Promise.all([
    wrongItem(context, unit),
    soldAs(context.tx, unit),
    facilityOf(context.tx, unit.facility),
  ])
  return { wrong, sold, place }
}

async function look(
  context: Context,
  unit: UnitRow,
  { sold, place }: Awaited<ReturnType<typeof aroundOf>>,
  asked: Look,
): Promise<Inspected> {
  const at = momentOf(context, unit)
  const shipped = sold.line?.serials ?? []
  const serial = asked.serial ?? (unit.serial || undefined)
  const kind = goodsClass(unit.goodsClass)
  if (kind.serial && !serial && asked.finding !== 'empty_box')
    throw new UserError('serial_required', `${kind.label}: the serial must be checked. Scan it.`, 400, 'serial')
  const serialMatch = serial === undefined ? undefined : await serialFits(context, unit, serial, shipped)
  context.duty('inspect', { rmaId: unit.rmaId ?? '', unitId: unit.id })
  const events: AnyEvent[] = [
    context.event(
      'unit.inspected.v1',
      unit.id,
      {
        unit_id: unit.id,
        condition_code: asked.condition,
        finding_code: asked.finding,
        ...(serial ? { serial } : {}),
        ...(serialMatch === undefined ? {} : { serial_match: serialMatch }),
        ...(asked.accessoriesComplete === undefined ? {} : { accessories_complete: asked.accessoriesComplete }),
        evidence: await knownEvidence(context, unit.id, asked.evidence),
        ...(asked.laborMinutes === undefined ? {} : { labor_minutes: asked.laborMinutes }),
        ...(unit.facility ? { facility: unit.facility } : {}),
        ...(place ? shiftOf(place, at) : {}),
      },
      at,
    ),
    ...(await labour(context, unit, asked.laborMinutes ?? 0, at)),
  ]
  const after: UnitRow = {
    ...unit,
    condition: asked.condition,
    finding: asked.finding,
    serial: serial ?? '',
    serialMatch: serialMatch ?? unit.serialMatch,
    accessoriesComplete: asked.accessoriesComplete ?? unit.accessoriesComplete,
    inspectedAt: unit.inspectedAt ?? at,
  }
  events.push(...keptApart(context, after, at))
  await context.record(events, { ...known(sold), ...(asked.reason ? { reason: asked.reason } : {}) })
  const exceptions = await problems(context, after, serialMatch, shipped)
  const proposal = await proposalFor(context, after)
  return {
    unitId: unit.id,
    serialMatch: serialMatch ?? null,
    accessoriesComplete: asked.accessoriesComplete ?? null,
    exceptions,
    proposal,
  }
}

/** A grade that rules out what was decided takes the goods apart: nothing forbidden stands for a moment. */
function keptApart(context: Context, unit: UnitRow, at: Date): AnyEvent[] {
  const judged = judgedOf(unit)
  const decided = DISPOSITIONS.find((each) => each === unit.disposition)
  if (!judged || !decided || whyForbidden(decided, judged) === undefined) return []
  return [
    context.event(
      'unit.dispositioned.v1',
      unit.id,
      { unit_id: unit.id, disposition: 'quarantine', rule_row: 'regraded', overridden: false },
      at,
    ),
    ...(unit.status === 'quarantine' ? [] : [moved(context, unit, 'quarantine', at)]),
  ]
}
