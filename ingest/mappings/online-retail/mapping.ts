import type { CanonicalEvent } from '../../contract/event'
import type { Mapping } from '../mapping'
import { type Account, accountOf, accountSchema, printAccount } from './account'
import { type Assigned, assign } from './assign'
import { adjustmentOf, EVENTS_OF_RETURN, returnOf, saleOf } from './events'
import type { Fate } from './fates'
import { addReference } from './reference'
import { type InvoiceLine, readInvoiceLines } from './source'

/** Events are handed on in pieces of about this many characters. */
const PIECE = 1 << 20

/** The "Online Retail" data set of the UCI Machine Learning Repository (Chen, 2015): every invoice line of a British gift shop. */
export const onlineRetail: Mapping = {
  name: 'online-retail',
  summary: 'the UCI "Online Retail" data set as CSV: sales, credit notes as returns, stock adjustments',
  prepare: addReference,
  convert: (input, { onRead, onMapped }) => {
    let account: Account | undefined
    let expected = 0
    async function* events(): AsyncGenerator<Buffer> {
      const lines = await readInvoiceLines(input, (bytes) => {
        onRead(bytes)
        onMapped(bytes, input.bytes)
      })
      const assigned = assign(lines)
      account = accountOf(lines, assigned)
      expected = eventCount(assigned)
      let piece = ''
      for (const event of eventsOf(lines, assigned)) {
        piece += `${JSON.stringify(event)}\n`
        if (piece.length < PIECE) continue
        yield Buffer.from(piece)
        piece = ''
      }
      yield Buffer.from(piece)
    }
    return { events: events(), lines: () => expected, account: () => account }
  },
  print: (stored) => printAccount(accountSchema.parse(stored)),
}

/** The events of the file in its order; a line that is set aside gives none. */
export function* eventsOf(lines: readonly InvoiceLine[], { fates, credits }: Assigned): Generator<CanonicalEvent> {
  const revised = new Map<number, { revision: number; cancelled: number }>()
  for (const [place, line] of lines.entries()) {
    const fate = fates[place]
    if (fate === 'sold' || fate === 'reduced' || fate === 'cancelled') yield saleOf(line)
    else if (fate === 'removed' || fate === 'found') yield adjustmentOf(line)
    const credit = credits.get(place)
    if (!credit) continue
    for (const { purchase, quantity } of credit.corrections) {
      const sold = lines[purchase.line]
      const before = revised.get(purchase.line) ?? { revision: 0, cancelled: 0 }
      const now = { revision: before.revision + 1, cancelled: before.cancelled + quantity }
      revised.set(purchase.line, now)
      if (sold) yield saleOf(sold, now.revision, now.cancelled)
    }
    let part = 0
    for (const { purchase, quantity } of credit.returns) yield* returnOf(line, ++part, quantity, lines[purchase.line])
    if (credit.rest > 0) yield* returnOf(line, ++part, credit.rest, undefined)
  }
}

/** How many events `eventsOf` gives, without making them. */
function eventCount({ fates, credits }: Assigned): number {
  const telling = new Set<Fate>(['sold', 'reduced', 'cancelled', 'removed', 'found'])
  let count = fates.filter((fate) => telling.has(fate)).length
  for (const { corrections, returns, rest } of credits.values()) {
    count += corrections.length + EVENTS_OF_RETURN * (returns.length + (rest > 0 ? 1 : 0))
  }
  return count
}
