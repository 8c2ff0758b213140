import { type CommandCode, commandIn } from './command-codes'
import { type Gs1, gtin14, parseGs1, withoutSymbol } from './gs1'

/** What one scan is: a command of ours, or a code with everything that its shape says about it. */
export type Scan =
  | { readonly kind: 'command'; readonly command: CommandCode }
  | {
      readonly kind: 'code'
      /** The text to look up as it is: an RMA, unit, order, serial, lot, SKU or tracking number. */
      readonly text: string
      readonly gtin: string | null
      readonly serial: string | null
      readonly lot: string | null
      readonly sscc: string | null
      readonly order: string | null
      readonly count: number | null
    }

const from = (text: string, gs1: Gs1 | undefined): Scan => ({
  kind: 'code',
  text,
  gtin: gs1?.gtin ?? gtin14(text) ?? null,
  serial: gs1?.serial ?? null,
  lot: gs1?.lot ?? null,
  sscc: gs1?.sscc ?? null,
  order: gs1?.order ?? null,
  count: gs1?.count ?? null,
})

/** Reads what a scanner sent, or a person typed. `undefined` for nothing, and for a GS1 code that is announced and broken. */
export function readScan(raw: string): Scan | undefined {
  const text = withoutSymbol(raw).trim()
  if (text === '' || text.length > 512) return undefined
  const command = commandIn(text)
  if (command) return { kind: 'command', command }
  return from(text.replaceAll('\u001d', ''), parseGs1(raw.trim()))
}
