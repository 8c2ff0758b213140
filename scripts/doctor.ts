import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { libchdbPath } from 'chdb/libchdb'
import { env } from '../lib/env'
import { checkDatabases } from './doctor/databases'
import type { Finding } from './doctor/finding'
import { readRunFile } from './installation'
import { ROOT } from './servers/child'
import { probePort } from './servers/ports'
import { startEmbedded } from './start/embedded'

const GIGABYTE = 1e9
const DISK = 2 * GIGABYTE
const oneLine = (error: unknown) =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 3).join(' ')

/** Looks at everything that an installation rests on. Starts nothing that it does not stop again. */
export async function examine(): Promise<Finding[]> {
  const running = readRunFile()
  return [
    node(),
    packages(),
    dataFolder(),
    disk(),
    ...(await ports()),
    await servers(),
    ...(await checkDatabases(running)),
  ]
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > 20 || (major === 20 && minor >= 12)
  return { what: 'Node.js', found: process.version, ...(fits ? {} : { mend: 'Install Node.js 20.12 or newer.' }) }
}

interface Manifest {
  readonly version: string
  readonly dependencies: Record<string, string>
}

function packages(): Finding {
  const read = (path: string): Manifest => JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
  const wanted = Object.keys(read('package.json').dependencies)
  const missing = wanted.filter((name) => !existsSync(join(ROOT, 'node_modules', name, 'package.json')))
  if (missing.length === 0) return { what: 'Packages', found: `${wanted.length} present` }
  return { what: 'Packages', found: `missing: ${missing.join(', ')}`, mend: 'Run npm install.' }
}

function dataFolder(): Finding {
  const folder = env().BACKHAUL_DATA
  if (!existsSync(folder)) return { what: 'Data folder', found: `${folder} is made on the first start` }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return {
      what: 'Data folder',
      found: `${folder} is not writable`,
      mend: `Give it to this account: chown -R $(id -u) ${folder}`,
    }
  }
  const open = ['secrets.json', 'run.json'].filter((name) => {
    const file = join(folder, name)
    return existsSync(file) && (statSync(file).mode & 0o077) !== 0
  })
  if (open.length === 0) return { what: 'Data folder', found: folder }
  const files = open.map((name) => join(folder, name)).join(' ')
  return { what: 'Data folder', found: `others may read ${files}`, mend: `Run chmod 600 ${files}` }
}

function disk(): Finding {
  const folder = existsSync(env().BACKHAUL_DATA) ? env().BACKHAUL_DATA : ROOT
  const { bavail, bsize } = statfsSync(folder)
  const free = `${((bavail * bsize) / GIGABYTE).toFixed(1)} GB free`
  if (bavail * bsize >= DISK) return { what: 'Disk', found: free }
  return {
    what: 'Disk',
    found: free,
    mend: `Make room (${DISK / GIGABYTE} GB at least), or set BACKHAUL_DATA to another disk.`,
  }
}

async function ports(): Promise<Finding[]> {
  const { BACKHAUL_HOST, PORT, INGEST_PORT } = env()
  const running = readRunFile()
  const ours = [running?.webUrl, running?.ingestUrl].map((url) => (url ? Number(new URL(url).port) : undefined))
  const settings = [
    ['PORT', PORT],
    ['INGEST_PORT', INGEST_PORT],
  ] as const
  return Promise.all(
    settings.map(async ([name, port]): Promise<Finding> => {
      if (ours.includes(port)) return { what: name, found: `${port}, in use by this installation` }
      if ((await probePort(port, BACKHAUL_HOST)) !== undefined) return { what: name, found: `${port} is free` }
      return {
        what: name,
        found: `${port} is used by another program`,
        mend: `Stop it, or set ${name} to another port.`,
      }
    }),
  )
}

/** Starts both embedded servers on an empty folder, which shows whether this machine can run them at all. */
async function servers(): Promise<Finding> {
  const { DATABASE_URL, CLICKHOUSE_URL } = env()
  const what = 'Embedded servers'
  if (DATABASE_URL && CLICKHOUSE_URL) return { what, found: 'not needed: both addresses are given' }
  const mend =
    'They need Linux with glibc 2.31 or newer or macOS, on x64 or arm64. Elsewhere set DATABASE_URL and CLICKHOUSE_URL to servers of your own.'
  const folder = mkdtempSync(join(tmpdir(), 'backhaul-doctor-'))
  const began = Date.now()
  try {
    if (!existsSync(libchdbPath()))
      return { what, found: 'the ClickHouse library is missing', mend: 'Run npm install.' }
    const secret = 'x'.repeat(32)
    const started = await startEmbedded(
      folder,
      { postgres: secret, clickhouseWeb: secret, clickhouseIngest: secret, application: secret },
      env(),
    )
    await started.stop()
    return { what, found: `start here (${((Date.now() - began) / 1000).toFixed(1)} s)` }
  } catch (error) {
    return { what, found: oneLine(error), mend }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
