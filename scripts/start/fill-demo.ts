/** Fills the demo company of this environment's databases once, and says on standard output how far it is. */
import { closeClickHouse } from '../../clickhouse/client'
import { ensureDemoAccounts } from '../../lib/auth/demo'
import { closeDatabase } from '../../lib/db/client'
import { env } from '../../lib/env'
import { fillDemo } from '../demo/fill'

await ensureDemoAccounts()
await fillDemo({
  today: new Date(),
  scale: env().BACKHAUL_DEMO_SCALE,
  ingestUrl: `http://${env().BACKHAUL_HOST}:${env().INGEST_PORT}`,
  progress: (text) => console.log(text),
})
await Promise.all([closeDatabase(), closeClickHouse()])
// A forgotten timer of a library must not keep the start waiting.
process.exit(0)
