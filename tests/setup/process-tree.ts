import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { commandLine, isAlive, startMark } from '../../scripts/servers/process-info'

/** A process as it was when it was looked at; a later one with the same id is another. */
export interface Seen {
  readonly pid: number
  readonly mark: string | undefined
  readonly command: string
}

/** The process and everything below it. */
export function treeOf(root: number): Seen[] {
  const parents = allParents()
  const found = [root]
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child)
  return found.map((pid) => ({ pid, mark: startMark(pid), command: commandLine(pid).slice(0, 200) }))
}

/** Those that still run. */
export const alive = (seen: readonly Seen[]): Seen[] =>
  seen.filter(({ pid, mark }) => isAlive(pid) && startMark(pid) === mark)

/** Each process with its parent. */
function allParents(): [number, number][] {
  if (!existsSync('/proc/self')) {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    return lines.map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number)
      return [pid, parent]
    })
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): [number, number][] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]]
      } catch {
        return []
      }
    })
}
