import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMark } from '../servers/process-info'
import { lockDataFolder, lockHolder } from './lock'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backhaul-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const holdBy = (pid: number, mark: string | undefined) =>
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid, mark }))

describe('the lock of a data folder', () => {
  it('makes the folder, names its holder, and leaves nothing behind', () => {
    const release = lockDataFolder(join(folder, 'new'))
    expect(lockHolder(join(folder, 'new'))).toBe(process.pid)
    release()
    expect(readdirSync(join(folder, 'new'))).toEqual([])
    expect(lockHolder(join(folder, 'new'))).toBeUndefined()
  })

  it('refuses while a living process holds it, and says which', async () => {
    const other = spawn('sleep', ['30'])
    await once(other, 'spawn')
    holdBy(other.pid ?? 0, startMark(other.pid ?? 0))
    expect(() => lockDataFolder(folder)).toThrow(`already running on ${folder} (process ${other.pid})`)
    other.kill('SIGKILL')
    await once(other, 'exit')
    lockDataFolder(folder)()
  })

  it('takes over from a process that is gone', () => {
    holdBy(2 ** 22 + 1, 'x')
    const release = lockDataFolder(folder)
    expect(lockHolder(folder)).toBe(process.pid)
    release()
  })

  it('takes over when the id belongs to a later process', () => {
    holdBy(process.ppid, 'long ago')
    lockDataFolder(folder)()
    expect(existsSync(join(folder, 'lock'))).toBe(false)
  })

  it('takes over a lock file that was cut short', () => {
    writeFileSync(join(folder, 'lock'), '{"pid":')
    lockDataFolder(folder)()
    expect(readdirSync(folder)).toEqual([])
  })

  it('does not remove a lock that is not its own any more', () => {
    const release = lockDataFolder(folder)
    holdBy(process.ppid, startMark(process.ppid))
    release()
    expect(existsSync(join(folder, 'lock'))).toBe(true)
  })
})
