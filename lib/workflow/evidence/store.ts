import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from '../../env'
import { UserError } from '../../errors'

/** Where the bytes are: content-addressed files, a folder of their own that is backed up with the database. */
const folder = () => env().BACKHAUL_EVIDENCE ?? join(env().BACKHAUL_DATA, 'evidence')

const fileOf = (sha256: string) => join(folder(), sha256.slice(0, 2), sha256.slice(2, 4), sha256)

/** Beside its picture, so that it goes where that goes. */
const thumbnailFileOf = (sha256: string) => `${fileOf(sha256)}.thumbnail`

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Keeps bytes under their hash. They are on the disk when this ends; the same bytes again change nothing, and mend a damaged file. */
export async function keepBytes(sha256: string, bytes: Uint8Array): Promise<void> {
  const there = await bytesAt(fileOf(sha256))
  if (there && sha256Of(there) === sha256) return
  await writeWhole(fileOf(sha256), bytes)
}

/** The small picture that was made of the one under a hash; undefined when there is none yet. */
export const keptThumbnail = (sha256: string): Promise<Buffer | undefined> => bytesAt(thumbnailFileOf(sha256))

/** Keeps the small picture of the one under a hash. Call it only where that cannot be destroyed in the meantime. */
export const keepThumbnail = (sha256: string, bytes: Uint8Array): Promise<void> =>
  writeWhole(thumbnailFileOf(sha256), bytes)

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  // Written beside and moved, so that a file under a hash is never half of it.
  const part = `${file}.${randomUUID()}`
  try {
    const handle = await open(part, 'wx', 0o400)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  const parent = await open(dirname(file), 'r')
  await parent.sync().finally(() => parent.close())
}

/** The bytes under a hash, which they are checked against. Throws a UserError where they are missing or are not what was added. */
export async function bytesOf(sha256: string): Promise<Buffer> {
  const bytes = await bytesAt(fileOf(sha256))
  if (!bytes)
    throw new UserError(
      'evidence_missing',
      'The file is not on the disk. Restore the evidence folder from a backup.',
      500,
    )
  if (sha256Of(bytes) !== sha256)
    throw new UserError(
      'evidence_damaged',
      'The file on the disk is not what was added. Restore it from a backup, or add it again.',
      500,
    )
  return bytes
}

/** Destroys the bytes under a hash with all that was made of them, and what a crash left half written; nothing when they are gone already. */
export async function destroyBytes(sha256: string): Promise<void> {
  const place = dirname(fileOf(sha256))
  const names = (await ifThere(readdir(place))) ?? []
  await Promise.all(
    names.filter((name) => name.startsWith(sha256)).map((name) => rm(join(place, name), { force: true })),
  )
}

const bytesAt = (file: string): Promise<Buffer | undefined> => ifThere(readFile(file))

const ifThere = <Found>(reading: Promise<Found>): Promise<Found | undefined> =>
  reading.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
