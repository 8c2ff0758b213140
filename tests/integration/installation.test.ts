import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { closeClickHouse, readClient, writeClient } from '../../clickhouse/client'
import { standingSchema } from '../../clickhouse/migrate'
import { closeDatabase, pool } from '../../lib/db/client'
import { env } from '../../lib/env'
import { takeAddresses, withInstallation } from '../../scripts/installation'
import { launch, ROOT, sleep } from '../../scripts/servers/child'
import { binaries } from '../../scripts/servers/postgres'
import { isAlive } from '../../scripts/servers/process-info'
import { unprivileged } from '../../scripts/servers/unprivileged'
import { databaseAddresses } from '../../scripts/start/embedded'
import { lockDataFolder, lockHolder } from '../../scripts/start/lock'
import { installationSecrets } from '../../scripts/start/secrets'
import { Supervisor } from '../../scripts/start/supervisor'

const folder = mkdtempSync(join(inject('servers').folder, 'installation-'))
afterAll(async () => {
  await Promise.all([closeDatabase(), closeClickHouse()])
  rmSync(folder, { recursive: true, force: true })
})

/** Waits until `probe` gives something, for at most a minute and a half: servers come up slowly on a busy machine. */
async function eventually<T>(probe: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await sleep(50)) {
    const value = await Promise.resolve()
      .then(probe)
      .catch(() => undefined)
    if (value !== undefined && value !== false) return value
  }
  throw new Error('not within 90 s')
}

/** Runs a script of ours to its end, as npm would. */
async function runToEnd(script: string, environment: Record<string, string | undefined>) {
  const child = await launch({
    command: process.execPath,
    args: ['--import=tsx', join(ROOT, script)],
    env: { ...environment, DATABASE_URL: undefined, CLICKHOUSE_URL: undefined, CLICKHOUSE_READ_URL: undefined },
  })
  const { code } = await child.exited
  return { code, said: child.tail() }
}

describe('a checkout that only its owner may enter', () => {
  it('has a PostgreSQL that finds its own programs, whoever it runs as', async () => {
    // As `git clone . "$(mktemp -d)/p"` makes one.
    const closed = mkdtempSync(join(tmpdir(), 'backhaul-closed-'))
    try {
      const native = join(closed, 'native')
      cpSync(join(binaries(), '..'), native, { recursive: true, verbatimSymlinks: true })
      const { prefix, owner } = unprivileged([join(native, 'bin/postgres')])
      for (const name of ['bin/postgres', 'bin/initdb']) chmodSync(join(native, name), 0o755)
      const pgdata = join(closed, 'data')
      mkdirSync(pgdata, { mode: 0o700 })
      if (owner) chownSync(pgdata, owner.uid, owner.gid)
      const [command = '', ...args] = [...prefix, join(native, 'bin/initdb'), '--pgdata', pgdata, '--no-sync']
      const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: closed })
      expect(stderr).not.toContain('invalid binary')
      expect([status, existsSync(join(pgdata, 'PG_VERSION'))]).toEqual([0, true])
    } finally {
      rmSync(closed, { recursive: true, force: true })
    }
  })
})

describe('embedded servers under the supervisor', () => {
  it('come back after kill -9, at the same addresses, with everything that was acknowledged', {
    timeout: 300_000,
  }, async () => {
    const dataDir = join(folder, 'killed')
    let pids: Readonly<Record<string, number>> = {}
    const supervisor = new Supervisor({
      say: () => undefined,
      onGiveUp: (reason) => {
        throw new Error(reason)
      },
      onChange: (now) => {
        pids = now
      },
    })
    try {
      const urls = await databaseAddresses(dataDir, installationSecrets(addFolder(dataDir)), NONE, (service) =>
        supervisor.run(service),
      )
      const writer = writeClient(urls.CLICKHOUSE_URL)
      await pool(urls.DATABASE_URL).query('CREATE TABLE kept (x int)')
      await writer.command({
        query: 'CREATE TABLE kept (x UInt32) ENGINE = MergeTree ORDER BY x SETTINGS fsync_after_insert = 1',
      })
      for (let round = 1; round <= 3; round++) {
        await pool(urls.DATABASE_URL).query('INSERT INTO kept VALUES ($1)', [round])
        await writer.insert({ table: 'kept', values: [{ x: round }], format: 'JSONEachRow' })
        const before = pids
        for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL')
        await eventually(() => Object.entries(before).every(([name, pid]) => pids[name] !== pid) || undefined)
        const { rows } = await eventually(() => pool(urls.DATABASE_URL).query('SELECT count(*)::int4 AS n FROM kept'))
        expect(rows).toEqual([{ n: round }])
        const answer = await eventually(() =>
          readClient(urls.CLICKHOUSE_READ_URL).query({ query: 'SELECT count() AS n FROM kept', format: 'JSONEachRow' }),
        )
        expect(await answer.json()).toEqual([{ n: round }])
      }
    } finally {
      await supervisor.stop()
    }
    expect(Object.values(pids).filter(isAlive)).toEqual([])
  })

  it('end when their parent is killed with -9, and the next start takes over', async () => {
    const dataDir = join(folder, 'orphaned')
    const child = await launch({
      command: process.execPath,
      args: ['--import=tsx', join(ROOT, 'tests/setup/embedded-process.ts'), dataDir],
    })
    const line = await eventually(() => /^pids (.*)$/m.exec(child.tail())?.[1])
    const pids = line.split(' ').map(Number)
    expect(pids.every(isAlive)).toBe(true)
    expect(lockHolder(dataDir)).toBe(child.pid)
    process.kill(child.pid, 'SIGKILL')
    await eventually(() => (pids.some(isAlive) ? undefined : true))
    expect(existsSync(join(dataDir, 'lock'))).toBe(true)
    lockDataFolder(dataDir)()
  })
})

describe('npm start', () => {
  it('refuses a data folder that another start holds, and says who', async () => {
    const dataDir = join(folder, 'held')
    const unlock = lockDataFolder(dataDir)
    const { code, said } = await runToEnd('scripts/start.ts', { BACKHAUL_DATA: dataDir, PORT: '0', INGEST_PORT: '0' })
    unlock()
    expect(code).toBe(1)
    expect(said).toContain(`already running on ${dataDir} (process ${process.pid})`)
  })

  it('names PORT when the port is taken, and leaves no lock', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const dataDir = join(folder, 'port')
    const { code, said } = await runToEnd('scripts/start.ts', { BACKHAUL_DATA: dataDir, PORT: String(port) })
    server.close()
    expect(code).toBe(1)
    expect(said).toContain(`Port ${port} is used by another program`)
    expect(said).toContain('PORT=')
    expect(existsSync(join(dataDir, 'lock'))).toBe(false)
  })

  it('lists every setting that cannot be read', async () => {
    const { code, said } = await runToEnd('scripts/start.ts', { PORT: 'http', BACKHAUL_CURRENCY: 'euro' })
    expect(code).toBe(1)
    expect(said).toContain('PORT:')
    expect(said).toContain('BACKHAUL_CURRENCY:')
  })
})

describe('a command without a running installation', () => {
  it('gets migrated databases for as long as it takes, and leaves nothing running', async () => {
    const dataDir = join(folder, 'command')
    const given = { ...process.env }
    takeAddresses({ ...NONE, BACKHAUL_DATA: dataDir, BACKHAUL_SECRET: undefined })
    try {
      const url = await withInstallation(async () => {
        expect(lockHolder(dataDir)).toBe(process.pid)
        expect((await pool().query('SELECT count(*)::int4 AS n FROM event_log')).rows).toEqual([{ n: 0 }])
        expect(env().BACKHAUL_SECRET).toBe(installationSecrets(dataDir).application)
        expect((await standingSchema(env().CLICKHOUSE_URL ?? '')).state).toBe('current')
        return env().DATABASE_URL ?? ''
      }, 'ClickHouse')
      await expect(pool(url).query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/)
      expect(lockHolder(dataDir)).toBeUndefined()
    } finally {
      takeAddresses(given)
    }
  })
})

describe('the secrets of an installation', () => {
  it('are random, stay the same, and are closed to others', () => {
    const first = installationSecrets(addFolder(join(folder, 'one')))
    expect(installationSecrets(join(folder, 'one'))).toEqual(first)
    const other = installationSecrets(addFolder(join(folder, 'two')))
    expect(new Set([...Object.values(first), ...Object.values(other)]).size).toBe(8)
    expect(statSync(join(folder, 'one', 'secrets.json')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder, 'one', 'secrets.json'), 'utf8')).toContain(first.application)
  })
})

const NONE = { DATABASE_URL: undefined, CLICKHOUSE_URL: undefined, CLICKHOUSE_READ_URL: undefined }

function addFolder(dataDir: string): string {
  lockDataFolder(dataDir)()
  return dataDir
}
