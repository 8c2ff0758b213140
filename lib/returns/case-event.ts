/** An event about a return, as the domain takes it: identity, version and data of the contract, its time in milliseconds. */
export interface CaseEvent {
  readonly source: string
  readonly id: string
  readonly revision: number
  readonly voided: boolean
  readonly type: string
  readonly time: number
  readonly sequence: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Texts of ASCII compare as their bytes do, which is nearly all of them. */
const ASCII = /^[\0-\x7f]*$/
const byBytes = (a: string, b: string): number =>
  a === b ? 0 : ASCII.test(a) && ASCII.test(b) ? (a < b ? -1 : 1) : Buffer.compare(Buffer.from(a), Buffer.from(b))

/** The order of live events (docs/facts.md §1): time, sequence, source, id; texts by their bytes. */
export const inOrder = (a: CaseEvent, b: CaseEvent): number =>
  a.time - b.time || byBytes(a.sequence, b.sequence) || byBytes(a.source, b.source) || byBytes(a.id, b.id)

/** The same order as one text, for a column: texts compare as the events do. */
export const orderKey = ({ time, sequence, source, id }: CaseEvent): string =>
  `${String(time).padStart(15, '0')}\u0001${sequence}\u0001${source}\u0001${id}`

/** A text field of the data; '' when it is absent or no text. */
export const text = (event: CaseEvent, field: string): string => {
  const value = event.data[field]
  return typeof value === 'string' ? value : ''
}

/** A number field of the data, or `undefined`. */
export const number = (event: CaseEvent, field: string): number | undefined => {
  const value = event.data[field]
  return typeof value === 'number' ? value : undefined
}

/** A yes-or-no field of the data, or `undefined`. */
export const flag = (event: CaseEvent, field: string): boolean | undefined => {
  const value = event.data[field]
  return typeof value === 'boolean' ? value : undefined
}

/** An amount of the data as the border wrote it, a decimal string or a number; `undefined` when it is absent. */
export const amountField = (event: CaseEvent, field: string): string | number | undefined => {
  const value = event.data[field]
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}
