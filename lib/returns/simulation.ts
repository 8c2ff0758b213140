/** What a version of a policy makes of one thing of the past. Amounts in 1/10,000 of the reporting currency. */
export interface Outcome {
  /** What becomes of it: taken back by itself or not, which people must say yes, which disposition, which facility. */
  readonly verdict: string
  /** The row that decided. */
  readonly row: string
  /** The figures of the kind (simulation-kinds.ts), by their id; the first is what verdicts and rows are summed by. */
  readonly sums: Readonly<Record<string, bigint>>
  /** Milliseconds from the request to when the money may go; null where it never may, or where only a person says when. */
  readonly waited: number | null
}

/** How much fell to a verdict or a row. */
export interface Share {
  units: number
  amount: bigint
}

/** One side of a comparison: everything that one version makes of the past. */
export interface Side {
  readonly verdicts: Map<string, Share>
  readonly rows: Map<string, Share>
  readonly sums: Map<string, bigint>
}

/** Two versions over the same past. `units` counts pieces, `lines` the things that were judged. */
export interface Comparison {
  /** Of `Outcome.sums`: what verdicts and rows are summed by. */
  readonly main: string
  units: number
  lines: number
  changedUnits: number
  changedLines: number
  readonly before: Side
  readonly after: Side
  /** Of those that both versions pay, in pieces and in milliseconds times pieces: speed is compared over the same returns. */
  readonly waited: { units: number; before: number; after: number }
}

const side = (): Side => ({ verdicts: new Map(), rows: new Map(), sums: new Map() })

export const emptyComparison = (main: string): Comparison => ({
  ...{ main, units: 0, lines: 0, changedUnits: 0, changedLines: 0 },
  ...{ before: side(), after: side(), waited: { units: 0, before: 0, after: 0 } },
})

/** Whether somebody would have noticed: another verdict, another amount or another time. Another row with the same answer is none. */
export const differs = (before: Outcome, after: Outcome): boolean =>
  before.verdict !== after.verdict ||
  before.waited !== after.waited ||
  [...new Set([...Object.keys(before.sums), ...Object.keys(after.sums)])].some(
    (id) => (before.sums[id] ?? 0n) !== (after.sums[id] ?? 0n),
  )

/** Adds one thing of the past to a comparison, in place; in any order to the same end, since whole numbers are added. Returns whether it differs. */
export function compare(into: Comparison, quantity: number, before: Outcome, after: Outcome): boolean {
  into.units += quantity
  into.lines += 1
  addTo(into.before, into.main, quantity, before)
  addTo(into.after, into.main, quantity, after)
  if (before.waited !== null && after.waited !== null) {
    into.waited.units += quantity
    into.waited.before += before.waited * quantity
    into.waited.after += after.waited * quantity
  }
  if (!differs(before, after)) return false
  into.changedUnits += quantity
  into.changedLines += 1
  return true
}

function addTo(into: Side, main: string, quantity: number, { verdict, row, sums }: Outcome): void {
  const amount = sums[main] ?? 0n
  share(into.verdicts, verdict, quantity, amount)
  share(into.rows, row, quantity, amount)
  for (const [id, value] of Object.entries(sums)) into.sums.set(id, (into.sums.get(id) ?? 0n) + value)
}

function share(shares: Map<string, Share>, key: string, units: number, amount: bigint): void {
  const known = shares.get(key)
  if (!known) {
    shares.set(key, { units, amount })
    return
  }
  known.units += units
  known.amount += amount
}

/** The largest change of any of its figures: what cases are ordered by. */
export const weightOf = (before: Outcome, after: Outcome): bigint =>
  Object.keys(after.sums).reduce((most, id) => {
    const change = (after.sums[id] ?? 0n) - (before.sums[id] ?? 0n)
    const size = change < 0n ? -change : change
    return size > most ? size : most
  }, 0n)
