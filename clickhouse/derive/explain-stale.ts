import { queueKeys, type Stale } from './audit'
import { type Derivation, type Parameters, rateBounds, rows, run } from './context'
import { gather } from './gather'
import { LINES, UNITS } from './publish'
import { writeLineage } from './queue'
import { deriveSales, SALE_COLUMNS } from './sales'
import { deriveUnits, UNIT_COLUMNS } from './units'

/** A served row that is not what its facts imply, and in what. */
export interface StaleRow {
  kind: 'unit' | 'line'
  key: string
  /** Each column that differs, with both values; or that the row is missing, doubled or too much. */
  differs: string[]
}

/**
 * Says of stale keys in what they differ: derives them once more into a table beside the served one, with the same column types, and compares
 * value by value. For a few keys: it is for reading. The caller holds the publisher's lock.
 */
export async function explainStale(d: Derivation, stale: Stale): Promise<StaleRow[]> {
  if (stale.units.length + stale.lines.length === 0) return []
  const generation = await d.nextGeneration()
  await queueKeys(d, generation, stale)
  await writeLineage(d, generation)
  const parameters = { ...(await rateBounds(d)), generation }
  const gathered = await gather(d, parameters, 'verify')
  const units = { table: 'units', key: 'unit_id', columns: UNIT_COLUMNS, derived: deriveUnits, queued: UNITS }
  const lines = {
    table: 'sales',
    key: 'order_line_id',
    columns: SALE_COLUMNS,
    derived: deriveSales(LINES),
    queued: LINES,
  }
  return [
    ...(await differing(d, units, stale.units, { ...parameters, gathered })).map(
      (row) => ({ kind: 'unit', ...row }) as const,
    ),
    ...(await differing(d, lines, stale.lines, parameters)).map((row) => ({ kind: 'line', ...row }) as const),
  ]
}

interface Served {
  readonly table: string
  readonly key: string
  readonly columns: readonly string[]
  readonly derived: string
  readonly queued: string
}

type Row = Record<string, unknown>

async function differing(
  d: Derivation,
  { table, key, columns, derived, queued }: Served,
  keys: readonly string[],
  parameters: Parameters,
): Promise<{ key: string; differs: string[] }[]> {
  if (keys.length === 0) return []
  const names = columns.map((name) => `\`${name}\``).join(', ')
  const beside = `verify_${table}`
  await run(d, `DROP TABLE IF EXISTS ${beside}`)
  await run(d, `CREATE TABLE ${beside} ENGINE = Memory EMPTY AS SELECT ${names} FROM ${table}`)
  await run(d, `INSERT INTO ${beside} (${names}) SELECT ${names} FROM (${derived})`, parameters)
  const facts = await rows<Row>(d, `SELECT ${names} FROM ${beside}`)
  const served = await rows<Row>(d, `SELECT ${names} FROM ${table} FINAL WHERE ${key} IN (${queued})`, parameters)
  await run(d, `DROP TABLE ${beside}`)
  const of = (all: readonly Row[], wanted: string) => all.filter((row) => row[key] === wanted)
  return keys.map((wanted) => ({ key: wanted, differs: inWords(columns, of(facts, wanted), of(served, wanted)) }))
}

function inWords(columns: readonly string[], facts: readonly Row[], served: readonly Row[]): string[] {
  const [fact] = facts
  const [row] = served
  if (!fact) return ['is served, and no fact implies it']
  if (!row) return ['is not served']
  if (served.length > 1) return [`is served ${served.length} times`]
  return columns.flatMap((name) => {
    const [implied, shown] = [show(fact[name]), show(row[name])]
    return implied === shown ? [] : [`${name}: facts ${clip(implied)}, served ${clip(shown)}`]
  })
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing'
const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text)
