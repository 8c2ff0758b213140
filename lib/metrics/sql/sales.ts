import { offsetsAreWhole } from '../calendar'
import type { Params } from './params'
import { type Span, within } from './windows'
import { all } from './words'

const SLOT_MS = 900_000
const HOUR_MS = 3_600_000
const OF_HOURS = new Set(['category', 'channel', 'segment', 'country', 'entity'])

/** A table that holds sales, and the column that its time is in. */
export interface SalesTable {
  from: string
  time: string
  /** Width of its slots in milliseconds; 1 is exact. */
  step: number
}

export const EXACT: SalesTable = { from: 'sales FINAL', time: 'sold_at', step: 1 }
const HOURS: SalesTable = { from: 'sales_hour', time: 'hour', step: HOUR_MS }
const SLOTS: SalesTable = { from: 'sales_slot', time: 'slot', step: SLOT_MS }

/**
 * The coarsest table that can cut time as asked and has the columns. With a time unit the zone's days must begin on its
 * slots: hours do where offsets are whole hours, slots where they are whole quarters.
 */
export function salesTable(columns: readonly string[], cut: { tz: string; span: Span } | undefined): SalesTable {
  const fits = (minutes: number) => !cut || offsetsAreWhole(minutes, cut.span.start, cut.span.end, cut.tz)
  if (columns.every((column) => OF_HOURS.has(column)) && fits(60)) return HOURS
  return fits(15) ? SLOTS : EXACT
}

/** A sum's value in one of these tables: an order line of its own is one line, a row of a rollup as many as it says. */
export const valueIn = ({ step }: SalesTable, value: string): string =>
  step === 1 ? value.replaceAll(/\blines\b/g, '1') : value

export interface Segment {
  table: SalesTable
  spans: Span[]
}

/** Cuts a span where the table's slots end: whole slots come from it, what is left at the ends from the order lines. */
export function segments(span: Span, table: SalesTable): Segment[] {
  const first = Math.ceil(span.start / table.step) * table.step
  const last = Math.floor(span.end / table.step) * table.step
  if (span.end <= span.start) return []
  if (first >= last) return [{ table: EXACT, spans: [span] }]
  const ends = [
    { start: span.start, end: first },
    { start: last, end: span.end },
  ].filter(({ start, end }) => end > start)
  return [{ table, spans: [{ start: first, end: last }] }, ...(ends.length > 0 ? [{ table: EXACT, spans: ends }] : [])]
}

/** Within the span, by the table's time; order lines also by their day, which is what they are sorted by. */
export function duringSales({ time, step }: SalesTable, span: Span, params: Params): string {
  const during = within(time, span, params)
  return step === 1 ? `${during} AND sold_day BETWEEN ${params.day(span.start)} AND ${params.day(span.end)}` : during
}

/** All sales of a span as one SELECT of `columns`; `needed` names the dimensions among them. */
export function salesOf(
  span: Span,
  needed: readonly string[],
  params: Params,
  columns: string,
  ...conditions: string[]
): string {
  const parts = segments(span, salesTable(needed, undefined)).flatMap(({ table, spans }) =>
    spans.map(
      (each) => `SELECT ${columns} FROM ${table.from} WHERE ${all(duringSales(table, each, params), ...conditions)}`,
    ),
  )
  return parts.length > 0 ? parts.join(' UNION ALL ') : `SELECT ${columns} FROM sales_hour WHERE 0`
}
