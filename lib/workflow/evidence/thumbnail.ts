import { eq } from 'drizzle-orm'
import { withTransaction } from '../../db/client'
import { evidence } from '../../db/schema'
import { describeError } from '../../errors'
import { log } from '../../log'
import { isShown } from '../../returns/evidence'
import { bytesOf, keepThumbnail, keptThumbnail } from './store'

/** Pixels of the longer side: sharp in a list on any screen, and some ten kilobytes. */
export const THUMBNAIL = 320
export const THUMBNAIL_TYPE = 'image/webp'
/** More than a phone takes in one picture. A file of 10 MB can claim to be thousands of times that. */
const MOST_PIXELS = 64_000_000
const MOST_SECONDS = 10
/** Pictures that are unpacked at a time in this process: each may take some hundred megabytes. */
const AT_ONCE = 2

/**
 * A small picture of one that is kept, without what the camera wrote into it and the right way up; made when it is first asked for, and kept
 * beside it. Undefined for what cannot be drawn, is damaged, too large to be unpacked, or being destroyed.
 */
export async function thumbnailOf(sha256: string, mime: string): Promise<Buffer | undefined> {
  if (!isShown(mime)) return undefined
  const kept = await keptThumbnail(sha256)
  if (kept) return kept
  try {
    const made = await inTurn(async () => shrunk(await bytesOf(sha256)))
    return (await keep(sha256, made)) ? made : undefined
  } catch (error) {
    log('evidence').warn({ sha256, reason: describeError(error) }, 'no small picture could be made of a file')
    return undefined
  }
}

let library: Promise<typeof import('sharp').default> | undefined

/** Loaded with the first picture: most processes never need it. */
async function load(): Promise<typeof import('sharp').default> {
  const { default: sharp } = await import('sharp')
  // Bytes from outside meet only the readers of what may be kept, not those of every format that there is.
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: ['Jpeg', 'Png', 'Webp'].map((format) => `VipsForeignLoad${format}Buffer`) })
  return sharp
}

async function shrunk(bytes: Buffer): Promise<Buffer> {
  library ??= load()
  const sharp = await library
  return sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true })
    .autoOrient()
    .resize({ width: THUMBNAIL, height: THUMBNAIL, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 72 })
    .timeout({ seconds: MOST_SECONDS })
    .toBuffer()
}

/** Keeps it unless its picture is to be destroyed, which waits as long: what is kept then is found and destroyed with it. */
const keep = (sha256: string, made: Buffer): Promise<boolean> =>
  withTransaction(async (tx) => {
    const [row] = await tx
      .select({ purgedAt: evidence.purgedAt })
      .from(evidence)
      .where(eq(evidence.sha256, sha256))
      .for('share')
    if (!row || row.purgedAt) return false
    await keepThumbnail(sha256, made)
    return true
  })

let running = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
