import { createHash } from 'node:crypto'
import { ClickHouseError } from '@clickhouse/client'
import { type Derivation, type Parameters, run } from './context'
import { gatherUnits } from './units'

/** Named after the statement that fills it: another version of the program gathers into another table. */
const VERSION = createHash('sha256').update(gatherUnits).digest('hex').slice(0, 12)

const UNKNOWN_TABLE = '60'

/** Who gathers: each has a table of its own, which it empties first. */
export type Purpose = 'publish' | 'audit' | 'verify'

/**
 * Runs the first step for one generation and returns the table with its result. `purpose` names the table: who publishes holds the
 * publisher's lock, and the audit has a table of its own, so that it need not; `verify`, which runs beside the audit, has another.
 */
export async function gather(d: Derivation, parameters: Parameters, purpose: Purpose = 'publish'): Promise<string> {
  const table = `${purpose}_gathered_${VERSION}`
  try {
    await run(d, `TRUNCATE TABLE ${table}`)
  } catch (error) {
    if (!(error instanceof ClickHouseError) || error.code !== UNKNOWN_TABLE) throw error
    await run(d, `CREATE TABLE IF NOT EXISTS ${table} ENGINE = Memory EMPTY AS ${gatherUnits}`, parameters)
  }
  await run(d, `INSERT INTO ${table} ${gatherUnits}`, parameters)
  return table
}
