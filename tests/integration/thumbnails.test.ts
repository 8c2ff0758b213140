import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { addEvidence } from '../../lib/workflow/evidence/add'
import { evidenceCommands } from '../../lib/workflow/evidence/commands'
import { destroyPurged } from '../../lib/workflow/evidence/destroy'
import { thumbnailOf } from '../../lib/workflow/evidence/thumbnail'
import { execute } from '../../lib/workflow/execute'
import { evidenceFile, evidenceThumbnail } from '../../lib/workflow/read/evidence'
import { onItsWay, openFacility, somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()
const [, , purge] = evidenceCommands
const jo = somebody('jo', ['receiver'])
const hugo = somebody('hugo', ['compliance_officer'])
const paul = somebody('paul', ['privacy_officer'])
const lodz = somebody('piotr', ['inspector'], { entities: null, facilities: ['lodz'], channels: null })

let unit = ''
beforeAll(async () => {
  await openFacility()
  ;({ unit } = await onItsWay({ id: 'T', sku: 'SKU-T', quantity: 1, net: '50', unitCost: '20' }))
})

const MAKER = 'Camera of somebody'
let taken = 0

/** What a camera hands over: red on the left and blue on the right, with who took it, where, and which way up it was held. */
async function photo(
  format: 'jpeg' | 'png' | 'webp' = 'jpeg',
  { width = 1200, height = 800, orientation = 1 } = {},
): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3)
  for (let at = 0; at < width * height; at++) pixels[at * 3 + (at % width < width / 2 ? 0 : 2)] = 255
  taken++
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif({
      IFD0: { Make: MAKER, ImageDescription: `picture ${taken}` },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 22/1 0/1' },
    })
    .withMetadata({ orientation })
    .toFormat(format)
    .toBuffer()
}

const add = async (bytes: Uint8Array) => (await addEvidence(jo, { bytes, subjectType: 'unit', subjectId: unit })).sha256
const small = async (bytes: Uint8Array) => evidenceThumbnail(hugo, await add(bytes))
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  )
const fileOf = (sha256: string) => join(databases.dataDir, 'evidence', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
const thumbnailFileOf = (sha256: string) => `${fileOf(sha256)}.thumbnail`
const purgeNow = async (sha256: string) => {
  await pool().query(
    `BEGIN; ALTER TABLE evidence DISABLE TRIGGER USER; UPDATE evidence SET keep_until = now() - interval '1 day' WHERE sha256 = '${sha256}';
     ALTER TABLE evidence ENABLE TRIGGER USER; COMMIT`,
  )
  await execute(paul, purge, { files: [sha256], reason: 'two years are over' })
}

describe('a small picture', () => {
  it.each(['jpeg', 'png', 'webp'] as const)(
    'of a %s has 320 pixels and nothing that the camera wrote',
    async (format) => {
      const bytes = await photo(format)
      const before = await sharp(bytes).metadata()
      expect([before.exif?.includes(MAKER), before.width]).toEqual([true, 1200])
      const made = (await small(bytes)) ?? Buffer.alloc(0)
      const after = await sharp(made).metadata()
      expect(after).toMatchObject({ format: 'webp', width: 320, height: 213 })
      for (const kept of ['exif', 'icc', 'xmp', 'iptc', 'orientation'] as const)
        expect(after[kept], kept).toBeUndefined()
      expect(made.includes(MAKER)).toBe(false)
      expect(made.length).toBeLessThan(bytes.length)
    },
  )

  it('is the right way up, however the camera was held', async () => {
    // 6: held so that its left edge was up.
    const made = await small(await photo('jpeg', { orientation: 6 }))
    expect(await sharp(made).metadata()).toMatchObject({ width: 213, height: 320 })
    const colour = async (top: number) => {
      const pixel = await sharp(made).extract({ left: 100, top, width: 1, height: 1 }).raw().toBuffer()
      return (pixel[0] ?? 0) > (pixel[2] ?? 0) ? 'red' : 'blue'
    }
    expect([await colour(20), await colour(300)]).toEqual(['red', 'blue'])
  })

  it('is never larger than its picture', async () => {
    expect(await sharp(await small(await photo('png', { width: 60, height: 40 }))).metadata()).toMatchObject({
      ...{ width: 60, height: 40 },
    })
  })

  it('is made once, and leaves the picture as it was added', async () => {
    const bytes = await photo()
    const sha256 = await add(bytes)
    expect(existsSync(thumbnailFileOf(sha256))).toBe(false)
    const made = await Promise.all(Array.from({ length: 6 }, () => evidenceThumbnail(hugo, sha256)))
    expect(new Set(made.map((each) => each?.toString('base64'))).size).toBe(1)
    const { mtimeMs } = statSync(thumbnailFileOf(sha256))
    expect((await evidenceThumbnail(jo, sha256))?.equals(readFileSync(thumbnailFileOf(sha256)))).toBe(true)
    expect(statSync(thumbnailFileOf(sha256)).mtimeMs).toBe(mtimeMs)
    expect((await evidenceFile(hugo, sha256)).bytes.equals(bytes)).toBe(true)
    expect(readdirSync(dirname(fileOf(sha256))).sort()).toEqual([sha256, `${sha256}.thumbnail`])
  })
})

describe('no small picture, and no failure either', () => {
  it('of bytes that only begin as a picture, and of half of one', async () => {
    const whole = await photo()
    expect(await small(Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(300, 7)]))).toBeUndefined()
    expect(await small(whole.subarray(0, whole.length / 2))).toBeUndefined()
  })

  it('of a few bytes that claim to be billions of pixels', async () => {
    const bytes = await photo()
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]))
    bytes.writeUInt16BE(60_000, frame + 5)
    bytes.writeUInt16BE(60_000, frame + 7)
    expect(await small(bytes)).toBeUndefined()
  })

  it('of a document, which is opened and never glanced at', async () => {
    expect(await small(Buffer.from(`%PDF-1.7 ${Math.random()}`))).toBeUndefined()
  })

  it('of a file that was damaged on the disk', async () => {
    const sha256 = await add(await photo())
    writeFileSync(fileOf(sha256), 'something else')
    expect(await evidenceThumbnail(hugo, sha256)).toBeUndefined()
    expect(await code(evidenceFile(hugo, sha256))).toBe('evidence_damaged')
  })
})

describe('who sees a small picture', () => {
  it('is who may open it, whether or not it was made already', async () => {
    const sha256 = await add(await photo())
    for (const _ of ['before', 'after']) {
      expect(await code(evidenceThumbnail(lodz, sha256))).toBe('not_found')
      expect(await code(evidenceThumbnail(paul, sha256))).toBe('forbidden')
      expect(await evidenceThumbnail(hugo, sha256)).toBeDefined()
    }
    expect(await code(evidenceThumbnail(hugo, '0'.repeat(64)))).toBe('not_found')
    expect(await code(evidenceThumbnail(hugo, '../../secrets.json'))).toBe('not_found')
  })

  it('is in the audit log once an hour', async () => {
    const sha256 = await add(await photo())
    await evidenceThumbnail(jo, sha256)
    await evidenceThumbnail(jo, sha256)
    await evidenceThumbnail(hugo, sha256)
    await evidenceThumbnail(jo, sha256, new Date(Date.now() + 3_700_000))
    const { rows } = await pool().query(
      "SELECT actor FROM audit_entry WHERE action = 'evidence.opened' AND object_id = $1 ORDER BY seq",
      [sha256],
    )
    expect(rows.map(({ actor }) => actor)).toEqual([jo, hugo, jo].map(({ userId }) => userId))
  })
})

describe('destruction', () => {
  it('takes the small picture with the file', async () => {
    const sha256 = await add(await photo())
    await evidenceThumbnail(hugo, sha256)
    // What a death between two steps left behind goes, too.
    writeFileSync(`${thumbnailFileOf(sha256)}.${crypto.randomUUID()}`, 'half')
    await purgeNow(sha256)
    expect(await code(evidenceThumbnail(hugo, sha256))).toBe('evidence_purged')
    expect(await destroyPurged(new Date())).toBe(1)
    expect(readdirSync(dirname(fileOf(sha256)))).toEqual([])
  })

  it('is not outlived by one that was being made when it was decided', async () => {
    const sha256 = await add(await photo())
    await purgeNow(sha256)
    // Past the look at who may see it, as a request is that came a moment before.
    expect(await thumbnailOf(sha256, 'image/jpeg')).toBeUndefined()
    expect(readdirSync(dirname(fileOf(sha256)))).toEqual([sha256])
  })
})
