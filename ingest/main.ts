/**
 * The entry of the worker processes: `node --import tsx ingest/main.ts [ROLE…]` with roles `service` (the door) and `relay` (log to
 * ClickHouse), `projector` (log to cases), `payments` (what money waits for), `watch` (what is late), `controls` (whether everything agrees),
 * `codes` (what follows from a meaning of a code), `audit` (sealing the audit log), `evidence` (destroying what was purged) and `simulations`
 * (policies tried on the past); without one, all of them in one process. SIGTERM and SIGINT finish what is under way and end it.
 */
import { closeDatabase } from '../lib/db/client'
import { migratePostgres } from '../lib/db/migrate'
import { env, required } from '../lib/env'
import { describeError } from '../lib/errors'
import { log } from '../lib/log'

interface Running {
  stop(): Promise<void>
}

const ROLES: Record<string, () => Promise<Running>> = {
  async service() {
    const { startService } = await import('./service/server')
    const service = await startService({ host: env().BACKHAUL_HOST, port: env().INGEST_PORT })
    log('ingest').info({ port: service.port }, 'listening')
    return service
  },
  async relay() {
    const { startRelay } = await import('./relay/relay')
    return startRelay()
  },
  async projector() {
    const { startProjector } = await import('./projector/projector')
    const { REACTIONS } = await import('./projector/reactions/reactions')
    return startProjector(REACTIONS)
  },
  async payments() {
    const { startPayments } = await import('../lib/workflow/settlements/worker')
    return startPayments()
  },
  async watch() {
    const { startWatch } = await import('./projector/watch')
    return startWatch()
  },
  async controls() {
    const { startControls } = await import('./controls/round')
    return startControls()
  },
  async audit() {
    const { startSealer } = await import('./audit/sealer')
    return startSealer()
  },
  async codes() {
    const { startCodes } = await import('./codes/apply')
    return startCodes()
  },
  async evidence() {
    const { startDestroyer } = await import('./evidence/destroyer')
    return startDestroyer()
  },
  async simulations() {
    const { startSimulations } = await import('../lib/workflow/simulation/worker')
    return startSimulations()
  },
}

const asked = process.argv.slice(2)
const roles = asked.length > 0 ? asked : Object.keys(ROLES)
if (roles.some((role) => !ROLES[role])) {
  console.error(
    `Usage: ingest/main.ts [ROLE…], with roles ${Object.keys(ROLES).join(', ')}; all of them when none is named`,
  )
  process.exit(2)
}

process.on('unhandledRejection', (error) => {
  log('ingest').fatal({ error: describeError(error) }, 'an error that nothing handles')
  process.exit(1)
})
// The database may be on its way back too: a process that ends for that would be counted as one that does not stay up.
await migratePostgres(required('DATABASE_URL'), { patience: 60_000 })
const running = await Promise.all(roles.map((role) => ROLES[role]!()))

let stopping = false
const stop = async () => {
  if (stopping) return
  stopping = true
  await Promise.all(running.map((part) => part.stop()))
  await closeDatabase()
  process.exit(0)
}
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
