import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import type { AnyEvent } from '../../../ingest/contract/event'
import { caseEvent } from '../../db/schema'
import { UserError } from '../../errors'
import { CONDITIONS } from '../../returns/codes'
import { command, WORKFLOW } from '../command'
import { lockUnit, requireOpen } from '../unit'
import { code } from './receive'

const input = z
  .strictObject({
    unitId: code,
    condition: z.enum(CONDITIONS).optional(),
    serial: code.optional(),
    lot: code.optional(),
    location: code.optional(),
  })
  .refine((said) => [said.condition, said.serial, said.lot, said.location].some((value) => value !== undefined), {
    error: 'say what is to be added to the receipt',
  })

/** Adds to a receipt what was not known when it was scanned: the preliminary grade, a serial, a lot, where it lies. The receipt's next revision. */
export const amendReceipt = command({
  name: 'unit.amend_receipt',
  title: 'Add to the receipt',
  permission: 'units:receive',
  input,
  async run(context, asked): Promise<{ unitId: string }> {
    const unit = await lockUnit(context, asked.unitId)
    requireOpen('unit.amend_receipt', unit)
    const receipts = await context.tx
      .select()
      .from(caseEvent)
      .where(and(eq(caseEvent.unitId, unit.id), eq(caseEvent.type, 'unit.received.v1'), eq(caseEvent.voided, false)))
    const last = receipts.sort((a, b) => b.time.getTime() - a.time.getTime())[0]
    if (!last || last.source !== WORKFLOW)
      throw new UserError('not_yours', 'Another system told this receipt: it is corrected there.', 409)
    const { condition, serial, lot, location } = asked
    await context.record([
      {
        specversion: '1.0',
        id: last.id,
        source: last.source,
        type: 'unit.received.v1',
        time: last.time.toISOString(),
        ...(last.sequence ? { sequence: last.sequence } : {}),
        subject: unit.id,
        revision: last.revision + 1,
        data: {
          ...last.data,
          ...(condition ? { condition_code: condition } : {}),
          ...(serial ? { serial } : {}),
          ...(lot ? { lot } : {}),
          ...(location ? { location } : {}),
        },
      } as AnyEvent,
    ])
    return { unitId: unit.id }
  },
})
