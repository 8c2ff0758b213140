import { execFileSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const NAME = '@duckdb/node-api'
/** Exactly this one, whose own dependencies are as exact: a figure is a figure of one engine. */
export const DUCKDB_VERSION = '1.5.6-r.1'
/** npm leaves dot folders of node_modules alone, so that it is installed once a checkout and not with everything else. */
const FOLDER = join(import.meta.dirname, `../../node_modules/.cache/duckdb-${DUCKDB_VERSION}`)

/** What is used of the package; its own types are not there before it is. */
interface DuckDbPackage {
  DuckDBInstance: { create(file: string, settings: Record<string, string>): Promise<DuckDbInstance> }
}
export interface DuckDbInstance {
  connect(): Promise<DuckDbConnection>
  closeSync(): void
}
export interface DuckDbConnection {
  run(sql: string): Promise<unknown>
  runAndReadAll(sql: string): Promise<{ getRowObjectsJS(): Record<string, unknown>[] }>
  closeSync(): void
}

/** DuckDB, installed when it is not: only the bench wants its 70 MB (docs/dependencies.md). */
export function duckDb(): DuckDbPackage {
  if (!existsSync(FOLDER)) install()
  return createRequire(join(FOLDER, '/'))(NAME) as DuckDbPackage
}

function install(): void {
  console.error(`installing ${NAME} ${DUCKDB_VERSION} to compare with …`)
  // Beside its place and then moved there: an install that was ended half-way is not taken for one.
  const half = `${FOLDER}.half`
  rmSync(half, { recursive: true, force: true })
  const npm = process.env.npm_execpath
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const options = ['--prefix', half, '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund']
  try {
    // Standard output is the report.
    execFileSync(command, [...first, 'install', ...options, `${NAME}@${DUCKDB_VERSION}`], { stdio: ['ignore', 2, 2] })
  } catch (cause) {
    throw new Error(
      `The figures are compared with DuckDB, and npm could not install ${NAME} ${DUCKDB_VERSION} (see above). It needs the package registry once; "npm run bench -- --only commands" does without it.`,
      { cause },
    )
  }
  renameSync(half, FOLDER)
}
