import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../lib/errors'
import { isAlive, startMark } from '../servers/process-info'

interface Holder {
  readonly pid: number
  /** Tells the holder from a later process that got its id. */
  readonly mark: string | undefined
}

/**
 * Takes the data folder for this process; throws when another living process holds it. A lock whose process is gone is
 * taken over. Returns how to give it back.
 */
export function lockDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const file = join(dataDir, 'lock')
  const mine: Holder = { pid: process.pid, mark: startMark(process.pid) }
  const own = `${file}.${process.pid}`
  writeFileSync(own, JSON.stringify(mine), { mode: 0o600 })
  try {
    while (!create(own, file)) {
      const holder = readHolder(file)
      if (holder && holds(holder)) {
        throw new UserError(
          'already_running',
          `Backhaul is already running on ${dataDir} (process ${holder.pid}). ` +
            'Stop it there, or set BACKHAUL_DATA to another folder.',
          409,
          'BACKHAUL_DATA',
        )
      }
      moveAway(file, `${own}.stale`)
    }
  } finally {
    rmSync(own, { force: true })
  }
  return () => {
    if (readHolder(file)?.pid === process.pid) rmSync(file, { force: true })
  }
}

/** The process that holds the folder, if it lives. */
export function lockHolder(dataDir: string): number | undefined {
  const holder = readHolder(join(dataDir, 'lock'))
  return holder && holds(holder) ? holder.pid : undefined
}

const holds = ({ pid, mark }: Holder) => isAlive(pid) && (mark === undefined || startMark(pid) === mark)

/** A link appears whole or not at all, and for one process only. */
function create(own: string, file: string): boolean {
  try {
    linkSync(own, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Another process may have taken the stale lock over between our look and our move: then its lock is put back. */
function moveAway(file: string, aside: string) {
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = readHolder(aside)
  if (moved && holds(moved)) create(aside, file)
  rmSync(aside, { force: true })
}

function readHolder(file: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
      return undefined
    return { pid: value.pid, mark: 'mark' in value && typeof value.mark === 'string' ? value.mark : undefined }
  } catch {
    return undefined
  }
}
