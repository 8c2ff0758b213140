/** What a command barcode does, so that hands in gloves never touch the glass. */
export const COMMAND_CODES = [
  { code: 'ACCEPT', does: 'Accept what is proposed; the primary button', where: 'both' },
  { code: 'UNDO', does: 'Undo the last receipt, for 30 seconds', where: 'receiving' },
  { code: 'GRADE-A', does: 'Grade A: new and sealed', where: 'both' },
  { code: 'GRADE-B', does: 'Grade B: open, as new', where: 'both' },
  { code: 'GRADE-C', does: 'Grade C: minor wear', where: 'both' },
  { code: 'GRADE-D', does: 'Grade D: damaged or faulty', where: 'both' },
  { code: 'GRADE-E', does: 'Grade E: unusable', where: 'both' },
  { code: 'SHORT', does: 'The next expected item is not in the parcel', where: 'receiving' },
  { code: 'PHOTO', does: 'Take a photo', where: 'both' },
  { code: 'NEXT', does: 'Close this case, or open the next unit', where: 'both' },
] as const

export type CommandCode = (typeof COMMAND_CODES)[number]['code']

/** In front of every command, so that no SKU or serial is mistaken for one. */
const PREFIX = 'CMD-'

/** The text of a command's barcode. */
export const barcodeOf = (code: CommandCode): string => `${PREFIX}${code}`

/** The command that a scanned text is; `undefined` when it is none. Scanners set to another keyboard may send small letters. */
export function commandIn(text: string): CommandCode | undefined {
  const upper = text.toUpperCase()
  return COMMAND_CODES.find(({ code }) => barcodeOf(code) === upper)?.code
}
