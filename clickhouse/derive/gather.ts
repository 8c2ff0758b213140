import { createHash } from 'node:crypto'
import { type Derivation, type Parameters, run } from './context'
import { gatherUnits } from './units'

/** Named after the statement that fills it: another version of the program gathers into another table. */
const TABLE = `publish_gathered_${createHash('sha256').update(gatherUnits).digest('hex').slice(0, 12)}`

const ready = new WeakSet<object>()

/** Runs the first step for one generation and returns the table with its result. The caller holds the publisher's lock. */
export async function gather(d: Derivation, parameters: Parameters): Promise<string> {
  if (!ready.has(d.client)) {
    await run(d, `CREATE TABLE IF NOT EXISTS ${TABLE} ENGINE = Memory EMPTY AS ${gatherUnits}`, parameters)
    ready.add(d.client)
  }
  await run(d, `TRUNCATE TABLE ${TABLE}`)
  await run(d, `INSERT INTO ${TABLE} ${gatherUnits}`, parameters)
  return TABLE
}
