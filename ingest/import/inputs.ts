import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import zlib, { createGunzip } from 'node:zlib'
import { UserError } from '../../lib/errors'

export type Format = 'ndjson' | 'csv'
type Compression = 'none' | 'gzip' | 'zstd'

/** One file to import: what it holds and how it is packed, told by its first bytes and its name. */
export interface Input {
  readonly path: string
  /** Size on disk. */
  readonly bytes: number
  readonly format: Format
  readonly compression: Compression
}

const CHUNK = 1 << 20
const PACKED = /\.(gz|gzip|zst|zstd)$/i
const FORMATS: Readonly<Record<string, Format>> = { ndjson: 'ndjson', jsonl: 'ndjson', json: 'ndjson', csv: 'csv' }
const REJECTED = '.rejected.ndjson'

const formatOf = (path: string): Format | undefined =>
  FORMATS[basename(path).replace(PACKED, '').split('.').at(-1)?.toLowerCase() ?? '']

/**
 * The files that the names stand for: a file itself; a folder: every CSV and NDJSON file below it; a pattern with `*`, `?` or `**`: what
 * matches. In order of their paths, each once. Throws a UserError for a name that stands for nothing or for a file that cannot be read.
 */
export async function resolveInputs(names: readonly string[]): Promise<Input[]> {
  const paths = new Set<string>()
  for (const name of names) {
    const found = await pathsOf(name)
    if (found.length === 0)
      throw new UserError('import_no_file', `${name}: no such file, folder or match`, 400, 'files')
    for (const path of found) paths.add(path)
  }
  return Promise.all([...paths].map(describe))
}

async function pathsOf(name: string): Promise<string[]> {
  if (existsSync(name)) return (await stat(name)).isDirectory() ? filesBelow(name) : [name]
  if (!/[*?]/.test(name)) return []
  const fixed = name.slice(0, name.search(/[*?]/))
  const folder = fixed.includes('/') ? fixed.slice(0, fixed.lastIndexOf('/')) || sep : '.'
  if (!existsSync(folder)) return []
  const pattern = expression(name)
  return (await filesBelow(folder, () => true)).filter((path) => pattern.test(path) || pattern.test(`./${path}`))
}

/** `*` and `?` stay within a folder, `**` crosses folders. */
function expression(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/?|[*?]|[.+^${}()|[\]\\]/g, (part) => {
    if (part.startsWith('**')) return part.endsWith('/') ? '(?:.*/)?' : '.*'
    return part === '*' ? '[^/]*' : part === '?' ? '[^/]' : `\\${part}`
  })
  return new RegExp(`^${source}$`)
}

async function filesBelow(
  folder: string,
  wanted = (path: string) => formatOf(path) !== undefined || path.endsWith('.parquet'),
): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile() && !entry.name.endsWith(REJECTED))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(wanted)
    .sort()
}

async function describe(path: string): Promise<Input> {
  const { size } = await stat(path)
  const handle = await open(path, 'r').catch((error: Error) => {
    throw new UserError('import_unreadable', `${path} cannot be read: ${error.message}`, 400, 'files')
  })
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0).finally(() => handle.close())
  const magic = buffer.subarray(0, bytesRead).toString('latin1')
  if (magic.startsWith('PAR1') || path.endsWith('.parquet')) throw notParquet(path)
  const compression = magic.startsWith('\x1f\x8b') ? 'gzip' : magic.startsWith('(\xb5/\xfd') ? 'zstd' : 'none'
  const first = compression === 'none' ? magic.replace('\xef\xbb\xbf', '').trimStart()[0] : undefined
  return { path, bytes: size, format: formatOf(path) ?? (first === '{' ? 'ndjson' : 'csv'), compression }
}

const notParquet = (path: string) =>
  new UserError(
    'import_parquet',
    `${path}: Parquet is not read here. Turn it into NDJSON first, for example: ` +
      `clickhouse local -q "SELECT * FROM file('${basename(path)}') FORMAT JSONEachRow" | gzip > events.ndjson.gz`,
    400,
    'files',
  )

/** SHA-256 of the file's bytes as they lie on disk, in hexadecimal: the identity of an import. */
export async function fingerprintOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytesOf(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** The bytes of a file through one buffer: a chunk is valid until the next is asked for. */
async function* bytesOf(path: string, onRead?: (bytes: number) => void): AsyncGenerator<Buffer> {
  const handle = await open(path, 'r')
  const buffer = Buffer.allocUnsafe(CHUNK)
  try {
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, at)
      if (bytesRead === 0) return
      at += bytesRead
      onRead?.(at)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

/**
 * The unpacked bytes of a file; a chunk is valid until the next is asked for. `onRead` hears how many bytes of the file on disk have been
 * read so far.
 */
export async function* contentOf(input: Input, onRead?: (bytes: number) => void): AsyncGenerator<Buffer> {
  if (input.compression === 'none') return yield* bytesOf(input.path, onRead)
  const file = createReadStream(input.path, { highWaterMark: CHUNK })
  file.on('data', () => onRead?.(file.bytesRead))
  if (input.compression === 'zstd') yield* unzstd(file, input.path)
  else yield* unpacked(file, createGunzip({ chunkSize: CHUNK }), input.path)
}

async function* unpacked(file: Readable, through: NodeJS.ReadWriteStream, path: string): AsyncGenerator<Buffer> {
  file.once('error', (error) => through.emit('error', error))
  try {
    for await (const chunk of file.pipe(through)) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk)
  } catch (error) {
    throw damaged(path, error instanceof Error ? error.message : String(error))
  } finally {
    file.destroy()
  }
}

/** Node 20 has no zstd: newer versions do it themselves, else the `zstd` program does. */
async function* unzstd(file: Readable, path: string): AsyncGenerator<Buffer> {
  const make: unknown = 'createZstdDecompress' in zlib ? zlib.createZstdDecompress : undefined
  if (isMaker(make)) yield* unpacked(file, make(), path)
  else yield* throughProgram(file, path)
}

const isMaker = (value: unknown): value is () => NodeJS.ReadWriteStream => typeof value === 'function'

async function* throughProgram(file: Readable, path: string): AsyncGenerator<Buffer> {
  const child = spawn('zstd', ['-dcq'], { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  let missing = false
  child.once('error', () => {
    missing = true
  })
  child.stderr.on('data', (text) => {
    said += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.on('error', () => undefined)
  file.pipe(child.stdin)
  try {
    yield* child.stdout
    if ((await ended) === 0) return
    if (!missing) throw damaged(path, said.trim())
    throw new UserError(
      'import_zstd',
      `${path} is packed with zstd, which Node ${process.versions.node} cannot unpack. Install the "zstd" program, use ` +
        'Node 22.15 or newer, or pack the file with gzip.',
      400,
      'files',
    )
  } finally {
    child.kill()
    file.destroy()
  }
}

const damaged = (path: string, reason: string) =>
  new UserError('import_damaged', `${path} cannot be unpacked to its end: ${reason}`, 400, 'files')

/** Where the rejected lines of an input go: beside it, or in `fallback` when its folder cannot be written. */
export const rejectedPath = (input: string, folder = dirname(input)): string => join(folder, basename(input) + REJECTED)
