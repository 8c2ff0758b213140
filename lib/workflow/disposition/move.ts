import { and, eq, isNull } from 'drizzle-orm'
import { z } from 'zod'
import { evidence, evidenceLink } from '../../db/schema'
import { UserError } from '../../errors'
import { parseAmount } from '../../money'
import type { Status } from '../../returns/codes'
import { goodsClass } from '../../returns/goods'
import { type Context, command } from '../command'
import { keepLonger } from '../evidence/keep'
import { code } from '../receipt/receive'
import type { UnitRow } from '../record/types'
import { lockUnit, momentOf, moved, requireOpen } from '../unit'
import { approvedWriteOff } from './approval'

const ENDS = ['restocked', 'liquidated', 'scrapped', 'donated', 'returned_to_vendor', 'returned_to_customer'] as const

const input = z.strictObject({
  unitId: code,
  to: z.enum(ENDS),
  /** Of one piece: what it is carried at when restocked (its cost when not said), what it was sold for when liquidated. */
  unitValue: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,4})?$/, 'is not an amount')
    .optional(),
  /** SHA-256 of the disposal certificate, kept as evidence. */
  certificate: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  location: code.optional(),
})

export interface Moved {
  readonly unitId: string
  readonly status: Status
  /** Set while a second person must say yes to the write-off first: nothing has been moved yet. */
  readonly approvalId: string | null
}

/** Ends a unit: back on the shelf, sold off, destroyed, given away, sent back. What was decided says which of these it may be. */
export const move = command({
  name: 'unit.move',
  title: 'Move to its end',
  permission: 'units:dispose',
  input,
  async run(context, asked): Promise<Moved> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.move', unit, asked.to)
    const unitValue = worthOf(unit, asked)
    if (asked.to === 'scrapped') await certify(context, unit, asked.certificate)
    const writtenOff = asked.to === 'scrapped' || asked.to === 'donated'
    const approval = writtenOff ? await approvedWriteOff(context, unit, asked.to) : undefined
    if (approval?.state === 'waiting')
      return { unitId: unit.id, status: unit.status as Status, approvalId: approval.id }
    await context.record(
      [
        moved(context, unit, asked.to, momentOf(context, unit), {
          ...(asked.location ? { location: asked.location } : {}),
          ...(unitValue === undefined ? {} : { unitValue }),
        }),
      ],
      approval?.id ? { approvalId: approval.id } : {},
    )
    return { unitId: unit.id, status: asked.to, approvalId: null }
  },
})

/** What one piece is worth at its end, where its end says so. */
function worthOf(unit: UnitRow, { to, unitValue }: z.output<typeof input>): bigint | undefined {
  const given = unitValue === undefined ? undefined : parseAmount(unitValue)
  if (to === 'liquidated') {
    if (given === undefined) throw new UserError('value_required', 'Say what one piece was sold for.', 400, 'unitValue')
    return given
  }
  if (to !== 'restocked') return undefined
  if (given !== undefined && given > unit.unitCost)
    throw new UserError(
      'value_above_cost',
      'Goods go back on the shelf at their cost or below it, never above.',
      400,
      'unitValue',
    )
  return given ?? unit.unitCost
}

/** Goods whose class needs it are destroyed only with a certificate that is kept. */
async function certify(context: Context, unit: UnitRow, certificate: string | undefined): Promise<void> {
  if (certificate === undefined) {
    if (!goodsClass(unit.goodsClass).disposalCertificate) return
    throw new UserError(
      'certificate_required',
      `${goodsClass(unit.goodsClass).label}: add the disposal certificate before it is scrapped.`,
      400,
      'certificate',
    )
  }
  const [kept] = await context.tx
    .select({ sha256: evidence.sha256 })
    .from(evidence)
    .where(and(eq(evidence.sha256, certificate), isNull(evidence.purgedAt)))
  if (!kept)
    throw new UserError('unknown_evidence', 'This certificate is not kept here. Add it first.', 409, 'certificate')
  await keepLonger(context, certificate, 'record')
  await context.tx
    .insert(evidenceLink)
    .values({
      sha256: certificate,
      subjectType: 'unit',
      subjectId: unit.id,
      note: 'disposal certificate',
      by: context.doer.id,
      at: context.at,
    })
    .onConflictDoNothing()
}

/** Lets restricted goods out of quarantine: the compliance officer's word, after which a lead decides what becomes of them. */
export const release = command({
  name: 'unit.release',
  title: 'Release from quarantine',
  permission: 'units:release',
  input: z.strictObject({ unitId: code, reason: z.string().trim().min(8, 'say why in a few words').max(500) }),
  async run(context, asked): Promise<{ unitId: string; status: Status }> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.release', unit)
    context.duty('dispose', { rmaId: unit.rmaId ?? '', unitId: unit.id })
    await context.record([moved(context, unit, 'hold', momentOf(context, unit))], { reason: asked.reason })
    return { unitId: unit.id, status: 'hold' }
  },
})
