/** `npm run chaos -- --minutes 10 [--seed 7] [--clients 8]`: a kill storm over the whole back end, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closeClickHouse } from '../clickhouse/client'
import { closeDatabase } from '../lib/db/client'
import { startStack } from './chaos/stack'
import { storm } from './chaos/storm'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    clients: { type: 'string', default: '8' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'backhaul-chaos-'))
console.log(`seed ${values.seed}, ${values.minutes} minutes, ${values.clients} senders`)
const stack = await startStack(folder, () => undefined)
try {
  const outcome = await storm(stack, {
    seconds: Number(values.minutes) * 60,
    seed: Number(values.seed),
    clients: Number(values.clients),
    say: console.log,
  })
  console.table({
    ...outcome,
    kills: JSON.stringify(outcome.kills),
    sums: `${outcome.sums.sent} = ${outcome.sums.served}`,
  })
  const exact =
    outcome.lost + outcome.doubled + outcome.differences + outcome.stale === 0 &&
    outcome.sums.sent === outcome.sums.served
  console.log(exact ? 'Nothing lost, nothing doubled.' : 'DIFFERENCES: see above.')
  process.exitCode = exact ? 0 : 1
} finally {
  await Promise.allSettled([closeDatabase(), closeClickHouse()])
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
}
