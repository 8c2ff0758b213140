import { z } from 'zod'
import { SKIP_CODES, type SkipCode } from '../../returns/skip-codes'
import { command } from '../command'
import { code } from '../receipt/receive'
import { lockUnit } from '../unit'

const CODES = Object.keys(SKIP_CODES) as [SkipCode, ...SkipCode[]]

/** Leaves a proposed unit to somebody else or to later, with a code: it is not offered to the same person again for some hours. */
export const skip = command({
  name: 'unit.skip',
  title: 'Skip this unit',
  permission: 'units:skip',
  input: z.strictObject({ unitId: code, code: z.enum(CODES) }),
  async run(context, asked): Promise<{ unitId: string }> {
    const unit = await lockUnit(context, asked.unitId)
    await context.audit(
      [
        {
          action: 'unit.skipped',
          objectType: 'unit',
          objectId: unit.id,
          rmaId: unit.rmaId ?? '',
          entity: unit.entity,
          diff: { code: [null, asked.code] },
        },
      ],
      { reason: asked.code },
    )
    return { unitId: unit.id }
  },
})
