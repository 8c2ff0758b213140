import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** How to run a program that refuses to run as root: words put before its command line, and the ids to run it with. */
export interface Unprivileged {
  readonly prefix: readonly string[]
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** The owner that its files must have. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined
}

const AS_IS: Unprivileged = { prefix: [], uid: undefined, gid: undefined, owner: undefined }

/**
 * PostgreSQL refuses to run as root. As root (a container, a fresh virtual machine) it runs as the account `postgres`,
 * which is made when there is none. When that account cannot reach `paths`, of which the first is the server itself (a checkout below /root or in
 * a private temporary folder), it gets the one capability to pass folders, and nothing else of root's.
 */
export function unprivileged(paths: readonly string[]): Unprivileged {
  if (process.getuid?.() !== 0) return AS_IS
  const owner = account('postgres') ?? createAccount() ?? account('nobody')
  if (!owner)
    throw new Error('PostgreSQL does not run as root, and there is no account "postgres". Run: useradd postgres')
  if (paths.every((path) => reachable(path, owner))) return { prefix: [], ...owner, owner }
  for (const capability of ['dac_read_search', 'dac_override']) {
    const prefix = [
      'setpriv',
      `--reuid=${owner.uid}`,
      `--regid=${owner.gid}`,
      '--clear-groups',
      `--inh-caps=+${capability}`,
      `--ambient-caps=+${capability}`,
      // PostgreSQL asks `access` whether it may read its own programs, which answers without capabilities unless this is set.
      '--securebits=+no_setuid_fixup',
      '--',
    ]
    if (findsItself([...prefix, paths[0] ?? ''])) return { prefix, uid: undefined, gid: undefined, owner }
  }
  throw new Error(
    `PostgreSQL does not run as root, and the account "postgres" cannot reach ${paths.join(' or ')}. ` +
      'Run as an ordinary user, or keep the checkout and BACKHAUL_DATA where every account may enter (chmod o+x).',
  )
}

function account(name: string): { uid: number; gid: number } | undefined {
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}

function createAccount() {
  return works(['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
    ? account('postgres')
    : undefined
}

function works(command: readonly string[]): boolean {
  try {
    execFileSync(command[0] ?? '', command.slice(1), { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Whether a program of PostgreSQL's can be started like this and reads where it stands: it says so on its error output, and goes on. */
function findsItself([command = '', ...args]: readonly string[]): boolean {
  const { status, stderr } = spawnSync(command, [...args, '--version'], { encoding: 'utf8' })
  return status === 0 && !stderr.includes('invalid binary')
}

/** Whether an account may enter every existing folder above `path`. */
function reachable(path: string, { uid, gid }: { uid: number; gid: number }): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const stat = statSync(folder)
      const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
      if ((stat.mode & bit) === 0) return false
    }
    if (folder === dirname(folder)) return true
  }
}
