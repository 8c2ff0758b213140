import { z } from 'zod'
import { parseAmount } from '../../money'
import { CONDITIONS } from '../../returns/codes'
import { command } from '../command'
import { raise } from '../exceptions'
import { suggestMatches } from '../read/match-suggestions'
import type { MatchSuggestion } from '../read/station-types'
import { momentOf, placeOf } from '../unit'
import { code, receiptEvents } from './receive'

const input = z.strictObject({
  facility: code.optional(),
  quantity: z.int().min(1).max(100_000).default(1),
  sku: code.optional(),
  serial: code.optional(),
  lot: code.optional(),
  tracking: code.optional(),
  orderId: code.optional(),
  condition: z.enum(CONDITIONS).optional(),
  location: code.optional(),
  note: z.string().trim().max(500).optional(),
})

export interface BlindReceipt {
  readonly unitId: string
  readonly suggestions: readonly MatchSuggestion[]
  readonly at: string
}

/**
 * Receives what nobody announced. It lies on hold as an unmatched unit with what it may belong to, is nobody's stock to sell, and is neither
 * inspected nor paid for until somebody has matched it.
 */
export const receiveBlind = command({
  name: 'unit.receive_blind',
  title: 'Receive without a return',
  permission: 'units:receive',
  input,
  async run(context, asked): Promise<BlindReceipt> {
    const place = await placeOf(context, asked.facility)
    const at = momentOf(context)
    // From the command's id: the same receipt sent twice is one unit.
    const id = `BR-${context.commandId.replaceAll('-', '').slice(0, 12).toUpperCase()}`
    context.duty('receive', { unitId: id })
    const unit = {
      id,
      rmaId: null,
      status: 'expected',
      quantity: asked.quantity,
      facility: place.id,
      currency: '',
      sku: asked.sku ?? '',
    }
    await context.record(receiptEvents(context, unit, place, at, asked, 'hold'))
    const suggestions = await suggestMatches(context.tx, context.actor, { ...asked, facility: place.id })
    const [best] = suggestions
    await raise(context, {
      kind: 'unmatched_receipt',
      unitId: id,
      ...(best ? { value: parseAmount(best.value) ?? 0n, currency: best.currency } : {}),
      message: 'Received without a return: match it to an order before anything is paid or sold.',
      detail: {
        sku: asked.sku ?? '',
        serial: asked.serial ?? '',
        tracking: asked.tracking ?? '',
        order: asked.orderId ?? '',
        note: asked.note ?? '',
        suggestions,
      },
    })
    return { unitId: id, suggestions, at: at.toISOString() }
  },
})
