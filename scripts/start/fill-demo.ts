/** Fills the demo company once: `node --import tsx scripts/start/fill-demo.ts TODAY SCALE`, addresses by environment. */
import { closeClickHouse } from '../../clickhouse/client'
import { closeDatabase } from '../../lib/db/client'
import { env } from '../../lib/env'

/** What scripts/demo/fill.ts exports. `today`: the history's end; `scale` 1: about 600,000 sale lines. */
interface DemoModule {
  readonly fillDemo: (options: {
    readonly today: Date
    readonly scale: number
    /** The ingest service, for what arrives by HTTP. */
    readonly ingestUrl: string
    readonly progress: (text: string) => void
  }) => Promise<void>
}

const [today = '', scale = '1'] = process.argv.slice(2)
const path = '../demo/fill'
const { fillDemo }: DemoModule = await import(path)
await fillDemo({
  today: new Date(today),
  scale: Number(scale),
  ingestUrl: `http://${env().BACKHAUL_HOST}:${env().INGEST_PORT}`,
  progress: (text) => console.log(text),
})
await Promise.all([closeDatabase(), closeClickHouse()])
// The pipe that watches the parent would not keep us, but a forgotten timer of a library could.
process.exit(0)
