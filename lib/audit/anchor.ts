import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { anchorFolder } from './key'

/** A block as it is remembered outside the database: what it was when it was sealed. */
const line = z.object({
  n: z.string(),
  size: z.string(),
  root: z.string(),
  hash: z.string(),
  at: z.string(),
  keyId: z.string(),
  signature: z.string(),
})
export type Anchor = z.infer<typeof line>

const fileOf = () => join(anchorFolder(), 'audit.ndjson')

/** Every anchor, in order; what cannot be read (the last line of a torn write) is left out. */
export function readAnchors(): Anchor[] {
  if (!existsSync(fileOf())) return []
  return readFileSync(fileOf(), 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        const parsed = line.safeParse(JSON.parse(text))
        return parsed.success ? [parsed.data] : []
      } catch {
        return []
      }
    })
}

/** Appends anchors and returns when they are on the disk. A line that was torn before is ended first. */
export function appendAnchors(anchors: readonly Anchor[]): void {
  if (anchors.length === 0) return
  mkdirSync(anchorFolder(), { recursive: true })
  const file = openSync(fileOf(), 'a+')
  try {
    const { size } = fstatSync(file)
    const last = Buffer.alloc(1)
    const torn = size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== 10
    writeSync(file, `${torn ? '\n' : ''}${anchors.map((each) => `${JSON.stringify(each)}\n`).join('')}`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
