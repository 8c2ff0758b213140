import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { readdir, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gunzip, gzipSync } from 'node:zlib'
import { UserError } from '../../lib/errors'
import { hashOf } from '../contract/fingerprint'
import { wireLine } from '../relay/send'

/**
 * The archive: what bulk imports brought, in the senders' own bytes, one gzip file of accepted lines a segment, named by its batch.
 * Together with the event log it is everything that ClickHouse can be rebuilt from.
 */
export interface ArchivedSegment {
  readonly id: bigint
  /** File name below the archive folder. */
  readonly path: string | null
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string | null
}

/** Large: each full chunk goes through JavaScript once. */
const PACKED_CHUNK = 1 << 22
const unzip = promisify(gunzip)

/** The file of a batch, below the archive folder. */
export const segmentPath = (importId: bigint, batch: bigint | string): string => `import-${importId}/${batch}.ndjson.gz`

/** Writes a segment durably (file and folder are synced) and returns the SHA-256 of the file. Overwrites what was there. */
export function writeSegment(archiveDir: string, path: string, lines: Uint8Array): string {
  const packed = gzipSync(lines, { level: constants.Z_BEST_SPEED, chunkSize: PACKED_CHUNK })
  const file = join(archiveDir, path)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const handle = openSync(file, 'w', 0o600)
  try {
    for (let at = 0; at < packed.length; ) at += writeSync(handle, packed, at)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  syncFolder(dirname(file))
  return createHash('sha256').update(packed).digest('hex')
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The lines of a segment, newline-terminated. Throws when the file is missing, damaged or not the one that was sealed. */
export async function readSegment(archiveDir: string, segment: ArchivedSegment): Promise<Buffer> {
  if (!segment.path) throw new Error(`Batch ${segment.id} has no archive file`)
  const file = join(archiveDir, segment.path)
  const packed = await readFile(file).catch((error: Error) => {
    throw new UserError('archive_missing', `Batch ${segment.id} cannot be read from the archive: ${error.message}`, 500)
  })
  const digest = createHash('sha256').update(packed).digest('hex')
  if (digest !== segment.sha256) {
    throw new UserError(
      'archive_damaged',
      `${file} is not what was sealed as batch ${segment.id}: restore it from a backup, or import its source again.`,
      500,
    )
  }
  return unzip(packed)
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from)
    const end = newline === -1 ? bytes.length : newline
    yield bytes.subarray(from, end)
    from = end + 1
  }
}

/** The raw events of an archived batch, in order: line `n` is the event with `line = n` of that batch. */
export async function* archiveLines(archiveDir: string, segment: ArchivedSegment): AsyncGenerator<string> {
  for (const line of linesOf(await readSegment(archiveDir, segment))) yield line.toString()
}

/** The wire lines of an archived batch, ready for `sendRows`. */
export async function* archiveWire(archiveDir: string, segment: ArchivedSegment): AsyncGenerator<string> {
  let at = 0
  let piece: string[] = []
  for (const line of linesOf(await readSegment(archiveDir, segment))) {
    piece.push(wireLine(segment.id, at++, hashOf(line), line.toString()))
    if (piece.length === 1000) {
      yield piece.join('')
      piece = []
    }
  }
  if (piece.length > 0) yield piece.join('')
}

/** Removes files of an import that no batch names: written just before a kill, never sealed. */
export async function removeUnsealed(archiveDir: string, importId: bigint, sealed: ReadonlySet<string>): Promise<void> {
  const folder = dirname(segmentPath(importId, 0n))
  const names = await readdir(join(archiveDir, folder)).catch(() => [])
  for (const name of names) if (!sealed.has(`${folder}/${name}`)) await unlink(join(archiveDir, folder, name))
}
