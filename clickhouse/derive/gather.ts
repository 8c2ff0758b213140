import { createHash } from 'node:crypto'
import { ClickHouseError } from '@clickhouse/client'
import { type Derivation, type Parameters, run } from './context'
import { gatherUnits } from './units'

/** Named after the statement that fills it: another version of the program gathers into another table. */
const TABLE = `publish_gathered_${createHash('sha256').update(gatherUnits).digest('hex').slice(0, 12)}`

const UNKNOWN_TABLE = '60'

/** Runs the first step for one generation and returns the table with its result. The caller holds the publisher's lock. */
export async function gather(d: Derivation, parameters: Parameters): Promise<string> {
  try {
    await run(d, `TRUNCATE TABLE ${TABLE}`)
  } catch (error) {
    if (!(error instanceof ClickHouseError) || error.code !== UNKNOWN_TABLE) throw error
    await run(d, `CREATE TABLE IF NOT EXISTS ${TABLE} ENGINE = Memory EMPTY AS ${gatherUnits}`, parameters)
  }
  await run(d, `INSERT INTO ${TABLE} ${gatherUnits}`, parameters)
  return TABLE
}
