import { z } from 'zod'
import { UserError } from '../../errors'
import { DISPOSITIONS, type Disposition, STATUS_OF_DISPOSITION, type Status } from '../../returns/codes'
import { type Proposal, stageOf, whyForbidden } from '../../returns/disposition'
import { overrode } from '../automation'
import { type Context, command } from '../command'
import { code } from '../receipt/receive'
import type { UnitRow } from '../record/types'
import { lockUnit, momentOf, moved, requireOpen } from '../unit'
import { approvedOverride } from './approval'
import { judgedOf, ruled } from './proposal'

export interface Decided {
  readonly unitId: string
  readonly disposition: Disposition
  readonly stage: Proposal['stage']
  readonly status: Status
  readonly row: string
  readonly version: number
  /** Set while a second person must say yes first: nothing has been decided yet. */
  readonly approvalId: string | null
}

/** Restricted goods leave quarantine only into these, until a releasing role has let them go. */
const FROM_QUARANTINE: readonly Disposition[] = ['quarantine', 'scrap', 'vendor_claim']

/** Accepts what the rule proposes. The proposal that was shown is named, so that nobody accepts another one than they saw. */
export const dispose = command({
  name: 'unit.dispose',
  title: 'Accept the proposed disposition',
  permission: 'units:dispose',
  input: z.strictObject({ unitId: code, disposition: z.enum(DISPOSITIONS) }),
  async run(context, asked): Promise<Decided> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.dispose', unit)
    const { proposal, version } = await rule(context, unit)
    if (proposal.disposition !== asked.disposition)
      throw new UserError(
        'proposal_changed',
        `The rule proposes ${words(proposal.disposition)} now (row ${proposal.row}). Look again, then accept it or decide otherwise with a reason.`,
        409,
        'disposition',
      )
    return carryOut(context, unit, proposal.disposition, { row: proposal.row, version, overridden: false })
  },
})

/** Decides otherwise than the rule, with a reason; above the limit of the approval matrix only with a second person's yes. */
export const override = command({
  name: 'unit.override',
  title: 'Decide otherwise than the rule',
  permission: 'units:override',
  input: z.strictObject({
    unitId: code,
    disposition: z.enum(DISPOSITIONS),
    reason: z.string().trim().min(8, 'say why in a few words').max(500),
  }),
  async run(context, asked): Promise<Decided> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.override', unit)
    const { proposal, version } = await rule(context, unit)
    if (proposal.disposition === asked.disposition && unit.disposition !== asked.disposition)
      throw new UserError(
        'not_an_override',
        `The rule proposes ${words(asked.disposition)} itself: accept it.`,
        409,
        'disposition',
      )
    permit(unit, asked.disposition)
    const approval = await approvedOverride(context, unit, asked, proposal)
    const about = { row: proposal.row, version, overridden: true, reason: asked.reason }
    if (approval.state === 'waiting')
      return {
        unitId: unit.id,
        disposition: asked.disposition,
        stage: stageOf(asked.disposition),
        status: unit.status as Status,
        row: proposal.row,
        version,
        approvalId: approval.id,
      }
    await overrode(context.tx, 'disposition', context.doer, context.at, {
      rmaId: unit.rmaId ?? '',
      objectId: unit.id,
      reason: `${words(asked.disposition)} instead of ${words(proposal.disposition)}: ${asked.reason}`,
    })
    return carryOut(context, unit, asked.disposition, approval.id ? { ...about, approvalId: approval.id } : about)
  },
})

const words = (code: string): string => code.replaceAll('_', ' ')

async function rule(context: Context, unit: UnitRow) {
  const decided = await ruled(context.tx, unit, context.at)
  if (!decided) throw new UserError('not_now', `${unit.id}: It has not been inspected yet.`, 409, 'unitId')
  return decided
}

/** Refuses what the goods' class, their grade or their quarantine does not allow. */
function permit(unit: UnitRow, disposition: Disposition): void {
  const judged = judgedOf(unit)
  const why = judged && whyForbidden(disposition, judged)
  if (why) throw new UserError('goods_class', why, 409, 'disposition')
  const restricted = unit.goodsClass !== 'none' && unit.goodsClass !== 'serialised_electronics'
  if (unit.status === 'quarantine' && restricted && !FROM_QUARANTINE.includes(disposition))
    throw new UserError(
      'not_released',
      'Restricted goods leave quarantine only when compliance has released them.',
      409,
      'disposition',
    )
}

async function carryOut(
  context: Context,
  unit: UnitRow,
  disposition: Disposition,
  about: { row: string; version: number; overridden: boolean; reason?: string; approvalId?: string },
): Promise<Decided> {
  permit(unit, disposition)
  const at = momentOf(context, unit)
  const status = STATUS_OF_DISPOSITION[disposition]
  context.duty('dispose', { rmaId: unit.rmaId ?? '', unitId: unit.id })
  await context.record(
    [
      context.event(
        'unit.dispositioned.v1',
        unit.id,
        {
          unit_id: unit.id,
          disposition,
          rule_row: about.row,
          overridden: about.overridden,
          policy_version: String(about.version),
          ...(about.reason ? { reason: about.reason } : {}),
        },
        at,
      ),
      ...(unit.status === status ? [] : [moved(context, unit, status, at)]),
    ],
    {
      ...(about.reason ? { reason: about.reason } : {}),
      ...(about.approvalId ? { approvalId: about.approvalId } : {}),
    },
  )
  return {
    unitId: unit.id,
    disposition,
    stage: stageOf(disposition),
    status,
    row: about.row,
    version: about.version,
    approvalId: null,
  }
}
