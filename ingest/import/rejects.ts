import { accessSync, constants, mkdirSync } from 'node:fs'
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { rejectedPath } from './inputs'
import type { Rejected } from './protocol'

/**
 * The lines of one input that did not become events, beside the input: `{"line", "reason", "message", "path"?, "raw"}`, a line each, in the
 * input's order. `line` counts from 1. Mended lines can be imported as a file of their own.
 */
export class RejectsFile {
  readonly path: string

  constructor(input: string, fallback: string) {
    const beside = dirname(input)
    const folder = isWritable(beside) ? beside : fallback
    if (folder === fallback) mkdirSync(folder, { recursive: true })
    this.path = rejectedPath(input, folder)
  }

  /** Drops what a killed process wrote of lines after `lines`: they come again. */
  async keepUpTo(lines: number): Promise<void> {
    const text = lines === 0 ? '' : await readFile(this.path, 'utf8').catch(() => '')
    const kept = [...new Set(text.split('\n'))].filter((record) => isWhole(record) && lineOf(record) <= lines)
    if (kept.length === 0) return rm(this.path, { force: true })
    await writeFile(`${this.path}.new`, `${kept.join('\n')}\n`)
    await rename(`${this.path}.new`, this.path)
  }

  /** Adds rejected lines of a segment that begins after `before` lines. */
  async add(rejected: readonly Rejected[], before = 0): Promise<void> {
    if (rejected.length === 0) return
    const records = rejected.map(({ line, ...rest }) =>
      JSON.stringify(line === undefined ? rest : { line: before + line + 1, ...rest }),
    )
    await appendFile(this.path, `${records.join('\n')}\n`)
  }
}

/** False for a record torn by a kill. */
const isWhole = (record: string) => record.startsWith('{') && record.endsWith('}')
const lineOf = (record: string) => Number(/^\{"line":(\d+)/.exec(record)?.[1] ?? 0)

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
