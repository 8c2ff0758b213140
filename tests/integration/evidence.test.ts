import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { LARGEST_EVIDENCE } from '../../lib/returns/evidence'
import { addEvidence } from '../../lib/workflow/evidence/add'
import { evidenceCommands } from '../../lib/workflow/evidence/commands'
import { destroyPurged } from '../../lib/workflow/evidence/destroy'
import { sha256Of } from '../../lib/workflow/evidence/store'
import { execute } from '../../lib/workflow/execute'
import { caseOf } from '../../lib/workflow/read/case'
import { evidenceFile } from '../../lib/workflow/read/evidence'
import { retentionView } from '../../lib/workflow/read/retention'
import { onItsWay, openFacility, somebody } from '../setup/cases'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()
const [hold, releaseHold, purge] = evidenceCommands
const jo = somebody('jo', ['receiver'])
const hugo = somebody('hugo', ['compliance_officer'])
const helga = somebody('helga', ['compliance_officer'])
const paul = somebody('paul', ['privacy_officer'])
const lodz = somebody('piotr', ['inspector'], { entities: null, facilities: ['lodz'], channels: null })
const lodzHold = somebody('lodz-hold', ['compliance_officer'], { entities: null, facilities: ['lodz'], channels: null })
const una = somebody('una', ['user_admin'])

let rma = ''
let unit = ''
beforeAll(async () => {
  await openFacility()
  ;({ rma, unit } = await onItsWay({ id: 'E', sku: 'SKU-E', quantity: 1, net: '50', unitCost: '20' }))
})

const jpeg = (size = 300) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(size - 4)])
const add = (bytes: Uint8Array, more: Partial<Parameters<typeof addEvidence>[1]> = {}, by = jo) =>
  addEvidence(by, { bytes, subjectType: 'unit', subjectId: unit, ...more })
const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  )
const fileOf = (sha256: string) => join(databases.dataDir, 'evidence', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
async function audited(sha256: string) {
  const { rows } = await pool().query<{ action: string; actor: string; rma_id: string; reason: string }>(
    "SELECT action, actor, rma_id, reason FROM audit_entry WHERE object_type = 'evidence' AND object_id = $1 ORDER BY seq",
    [sha256],
  )
  return rows
}
const row = async (sha256: string) =>
  (await pool().query('SELECT * FROM evidence WHERE sha256 = $1', [sha256])).rows[0] ?? {}
/** A photo that was added so long ago that its retention is over. */
async function old(bytes = jpeg()): Promise<string> {
  const { sha256 } = await add(bytes)
  await pool().query(
    `BEGIN; ALTER TABLE evidence DISABLE TRIGGER USER; UPDATE evidence SET keep_until = now() - interval '1 day' WHERE sha256 = '${sha256}';
     ALTER TABLE evidence ENABLE TRIGGER USER; COMMIT`,
  )
  return sha256
}

describe('what is added', () => {
  it('is kept under its hash, read-only, with its retention and an audit entry', async () => {
    const bytes = jpeg()
    const added = await add(bytes, { note: 'left sleeve' })
    expect(added).toEqual({ sha256: sha256Of(bytes), mime: 'image/jpeg', bytes: 300, known: false })
    expect(readFileSync(fileOf(added.sha256))).toEqual(bytes)
    expect(await audited(added.sha256)).toEqual([
      { action: 'evidence.added', actor: jo.userId, rma_id: rma, reason: '' },
    ])
    const months = await pool().query(
      "SELECT retention_class AS class, keep_until = added_at + interval '24 months' AS two_years FROM evidence WHERE sha256 = $1",
      [added.sha256],
    )
    expect(months.rows).toEqual([{ class: 'photo', two_years: true }])
    const view = await caseOf(hugo, rma)
    expect(view.evidence).toContainEqual(
      expect.objectContaining({ sha256: added.sha256, note: 'left sleeve', bytes: 300, purged: false, due: false }),
    )
  })

  it('twice is kept once, and noted once for each thing it is about', async () => {
    const bytes = jpeg()
    const { sha256 } = await add(bytes)
    expect(await add(bytes)).toMatchObject({ sha256, known: true })
    expect(await add(bytes, { subjectType: 'rma', subjectId: rma })).toMatchObject({ sha256, known: false })
    expect(await audited(sha256)).toHaveLength(2)
    expect(readdirSync(join(fileOf(sha256), '..'))).toEqual([sha256])
  })

  it('twice at the same moment is kept once, too', async () => {
    const bytes = jpeg(2_000_000)
    const answers = await Promise.all(Array.from({ length: 8 }, () => add(bytes)))
    expect(answers.filter(({ known }) => !known)).toHaveLength(1)
    expect(sha256Of(readFileSync(fileOf(sha256Of(bytes))))).toBe(sha256Of(bytes))
  })

  it('is a photo or a PDF by its bytes, whatever it says it is', async () => {
    for (const text of ['<svg onload="alert(1)">', 'GIF89a', 'MZ', ''])
      expect(await code(add(Buffer.from(text)))).toBe('evidence_type')
    expect(await add(Buffer.from(`%PDF-1.7 ${Math.random()}`))).toMatchObject({ mime: 'application/pdf' })
  })

  it('has 10 MB at most', async () => {
    expect(await code(add(jpeg(LARGEST_EVIDENCE + 1)))).toBe('evidence_too_big')
    expect(await code(add(jpeg(LARGEST_EVIDENCE)))).toBe('done')
  })

  it('is about something that is there, and that the sender may see', async () => {
    expect(await code(add(jpeg(), { subjectId: 'nothing' }))).toBe('not_found')
    expect(await code(add(jpeg(), { subjectType: 'planet' }))).toBe('invalid_input')
    expect(await code(add(jpeg(), {}, lodz))).toBe('not_found')
    expect(await code(add(jpeg(), {}, una))).toBe('forbidden')
    // Receivers see no claims, so they add nothing to one.
    expect(await code(add(jpeg(), { subjectType: 'claim', subjectId: 'C-1' }))).toBe('not_found')
  })

  it('never changes: not the row, not what it is about', async () => {
    const { sha256 } = await add(jpeg())
    for (const statement of [
      "UPDATE evidence SET mime = 'text/html'",
      'DELETE FROM evidence_link',
      "UPDATE evidence_link SET note = 'x'",
      'DELETE FROM evidence',
      'TRUNCATE evidence_link',
      "UPDATE evidence SET keep_until = keep_until - interval '1 day'",
    ])
      await expect(pool().query(statement), statement).rejects.toMatchObject({ code: 'BH001' })
    expect(await row(sha256)).toMatchObject({ mime: 'image/jpeg' })
  })
})

describe('what is opened', () => {
  it('is in the audit log before it is seen, every time', async () => {
    const bytes = jpeg()
    const { sha256 } = await add(bytes)
    const file = await evidenceFile(hugo, sha256)
    expect(file).toMatchObject({ mime: 'image/jpeg', shown: true, name: `${sha256.slice(0, 16)}.jpg` })
    expect(file.bytes.equals(bytes)).toBe(true)
    await evidenceFile(hugo, sha256)
    const opened = (await audited(sha256)).filter(({ action }) => action === 'evidence.opened')
    expect(opened.map(({ actor }) => actor)).toEqual([hugo.userId, hugo.userId])
  })

  it('is refused elsewhere in the company, without the permission, and where there is none', async () => {
    const { sha256 } = await add(jpeg())
    const before = (await audited(sha256)).length
    expect(await code(evidenceFile(lodz, sha256))).toBe('not_found')
    expect(await code(evidenceFile(paul, sha256))).toBe('forbidden')
    expect(await code(evidenceFile(hugo, '0'.repeat(64)))).toBe('not_found')
    expect(await code(evidenceFile(hugo, '../../secrets.json'))).toBe('not_found')
    expect(await audited(sha256)).toHaveLength(before)
  })

  it('is what was added, or an error that says so; adding it again mends it', async () => {
    const bytes = jpeg()
    const { sha256 } = await add(bytes)
    rmSync(fileOf(sha256), { force: true })
    expect(await code(evidenceFile(hugo, sha256))).toBe('evidence_missing')
    writeFileSync(fileOf(sha256), 'something else')
    expect(await code(evidenceFile(hugo, sha256))).toBe('evidence_damaged')
    expect(await add(bytes)).toMatchObject({ known: true })
    expect((await evidenceFile(hugo, sha256)).bytes.equals(bytes)).toBe(true)
  })
})

describe('retention', () => {
  it('destroys nothing before its time, in the command and in the database', async () => {
    const { sha256 } = await add(jpeg())
    expect(await code(execute(hugo, purge, { files: [sha256], reason: 'tidy up' }))).toBe('evidence_retention')
    await expect(
      pool().query("UPDATE evidence SET purged_at = now(), purged_by = 'x', purge_reason = 'x' WHERE sha256 = $1", [
        sha256,
      ]),
    ).rejects.toMatchObject({ code: 'BH001', detail: 'evidence_retention' })
  })

  it('leaves a tombstone: who, when, why, and the bytes gone', async () => {
    const sha256 = await old()
    expect((await caseOf(hugo, rma)).evidence?.find((each) => each.sha256 === sha256)).toMatchObject({ due: true })
    expect((await execute(paul, purge, { files: [sha256], reason: 'two years are over' })).result).toEqual({
      changed: 1,
    })
    // Refused from this moment, whether or not the bytes are gone yet.
    expect(await code(evidenceFile(hugo, sha256))).toBe('evidence_purged')
    expect(readFileSync(fileOf(sha256)).length).toBe(300)
    expect(await destroyPurged(new Date())).toBe(1)
    expect(await destroyPurged(new Date())).toBe(0)
    expect(() => readFileSync(fileOf(sha256))).toThrow(/ENOENT/)
    expect(await row(sha256)).toMatchObject({
      purged_by: paul.userId,
      purge_reason: 'two years are over',
      destroyed_at: expect.any(Date),
    })
    expect((await audited(sha256)).map(({ action }) => action)).toEqual([
      'evidence.added',
      'evidence.purged',
      'evidence.destroyed',
    ])
    expect((await caseOf(hugo, rma)).evidence?.find((each) => each.sha256 === sha256)).toMatchObject({ purged: true })
    await expect(pool().query('UPDATE evidence SET purged_at = NULL')).rejects.toMatchObject({ code: 'BH001' })
  })

  it('of what was destroyed keeps nothing again, and links it to nothing', async () => {
    const bytes = jpeg()
    const sha256 = await old(bytes)
    await execute(paul, purge, { files: [sha256], reason: 'over' })
    expect(await code(add(bytes))).toBe('evidence_purged')
    await destroyPurged(new Date())
    expect(await code(add(bytes, { subjectType: 'rma', subjectId: rma }))).toBe('evidence_purged')
    expect(() => readFileSync(fileOf(sha256))).toThrow(/ENOENT/)
  })

  it('goes on where a crash left the bytes without the note, and the note without the bytes', async () => {
    const sha256 = await old()
    await execute(paul, purge, { files: [sha256], reason: 'over' })
    rmSync(fileOf(sha256), { force: true })
    expect(await destroyPurged(new Date())).toBe(1)
    expect(await row(sha256)).toMatchObject({ destroyed_at: expect.any(Date) })
  })

  it('is lengthened by what a photo comes to prove, never shortened', async () => {
    await pool().query(
      "INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ('SUP', 'Supplier', 'DE', 0.8, 60, 'EUR')",
    )
    const bytes = jpeg()
    const { sha256 } = await add(bytes)
    const pdf = Buffer.from(`%PDF-1.7 ${Math.random()}`)
    expect((await row((await add(pdf)).sha256)).retention_class).toBe('record')
    await pool().query(`
      BEGIN; ALTER TABLE supplier_claim DISABLE TRIGGER USER;
      INSERT INTO supplier_claim (id, unit_id, supplier_id, state, currency, claimed, opened_at) VALUES ('CL-1', '${unit}', 'SUP', 'opened', 'EUR', 1, now());
      ALTER TABLE supplier_claim ENABLE TRIGGER USER; COMMIT`)
    await add(bytes, { subjectType: 'claim', subjectId: 'CL-1' }, somebody('tom', ['vendor_recovery']))
    const kept = await row(sha256)
    expect(kept.retention_class).toBe('record')
    expect(kept.keep_until.getUTCFullYear()).toBe(new Date().getUTCFullYear() + 10)
    await add(bytes, { subjectType: 'rma', subjectId: rma })
    expect((await row(sha256)).keep_until).toEqual(kept.keep_until)
  })
})

describe('a legal hold', () => {
  it('keeps what is past its retention until it is lifted, and not by who lifted it', async () => {
    const sha256 = await old()
    const files = [sha256]
    expect((await execute(hugo, hold, { files, reason: 'case 12 O 34/26' })).result).toEqual({ changed: 1 })
    expect((await execute(helga, hold, { files, reason: 'again' })).result).toEqual({ changed: 0 })
    expect(await row(sha256)).toMatchObject({ hold_reason: 'case 12 O 34/26', held_by: hugo.userId })
    expect(await code(execute(paul, purge, { files, reason: 'over' }))).toBe('evidence_held')
    await expect(
      pool().query(
        "UPDATE evidence SET purged_at = now(), purged_by = 'x', purge_reason = 'x' WHERE sha256 = $1",
        files,
      ),
    ).rejects.toMatchObject({ detail: 'evidence_held' })
    await execute(hugo, releaseHold, { files, reason: 'settled' })
    expect(await code(execute(hugo, purge, { files, reason: 'over' }))).toBe('segregation_of_duties')
    expect((await execute(paul, purge, { files, reason: 'over' })).result).toEqual({ changed: 1 })
    expect(await code(execute(hugo, hold, { files, reason: 'too late' }))).toBe('evidence_purged')
    expect((await audited(sha256)).map(({ action, reason }) => [action, reason])).toEqual([
      ['evidence.added', ''],
      ['evidence.held', 'case 12 O 34/26'],
      ['evidence.hold_lifted', 'settled'],
      ['evidence.purged', 'over'],
    ])
  })

  it('blocks all of what is destroyed together, and destroys none of it', async () => {
    const [first, second] = [await old(), await old()]
    await execute(hugo, hold, { files: [second], reason: 'a claim' })
    expect(await code(execute(paul, purge, { files: [first, second], reason: 'over' }))).toBe('evidence_held')
    expect(await row(first)).toMatchObject({ purged_at: null })
  })

  it('set and lifted only in one’s own part of the company, and only by who may', async () => {
    const { sha256 } = await add(jpeg())
    expect(await code(execute(lodzHold, hold, { files: [sha256], reason: 'mine' }))).toBe('not_found')
    expect(await code(execute(jo, hold, { files: [sha256], reason: 'mine' }))).toBe('forbidden')
    expect(await code(execute(hugo, hold, { files: [sha256, 'f'.repeat(64)], reason: 'one unknown' }))).toBe(
      'not_found',
    )
    expect(await code(execute(hugo, hold, { files: [sha256], reason: ' ' }))).toBe('invalid_input')
    expect(await row(sha256)).toMatchObject({ legal_hold: false })
  })
})

describe('what is seen of it', () => {
  const greta = somebody('greta', ['auditor'])
  const of = async (actor: Parameters<typeof caseOf>[0], sha256: string) =>
    (await caseOf(actor, rma)).evidence?.find((each) => each.sha256 === sha256)

  it('on a case: each file once, with all that it is about, and why what is closed is closed', async () => {
    const bytes = jpeg()
    const { sha256 } = await add(bytes, { note: 'seam' })
    await add(bytes, { subjectType: 'rma', subjectId: rma })
    const seen = await of(hugo, sha256)
    expect(seen?.about).toHaveLength(2)
    expect(seen).toMatchObject({ note: 'seam', shown: true, retention: 'Photo of goods' })
    expect(seen?.closed).toEqual({ hold: null, destroy: 'Its retention is not over.' })
    expect((await of(jo, sha256))?.closed.hold).toMatch(
      /may not set and lift legal holds.*Compliance officer, Privacy officer may/,
    )
    await execute(hugo, hold, { files: [sha256], reason: 'a claim' })
    expect((await of(hugo, sha256))?.closed.destroy).toBe('It is under a legal hold: lift that first.')
  })

  it('by retention: what is held, due and gone in one’s own part of the company, and not by who lifted its hold', async () => {
    const [due, lifted, held] = [await old(), await old(), await old()]
    await execute(hugo, hold, { files: [lifted, held], reason: 'case 7' })
    await execute(hugo, releaseHold, { files: [lifted], reason: 'settled' })
    const find = (files: readonly { sha256: string }[], sha256: string) => files.find((each) => each.sha256 === sha256)
    const mine = await retentionView(hugo)
    expect(find(mine.due.files, due)).toMatchObject({ closed: null, rmaId: rma, retention: 'Photo of goods' })
    expect(find(mine.due.files, lifted)).toMatchObject({ closed: expect.stringMatching(/You lifted its legal hold/) })
    expect(find(mine.due.files, held)).toBeUndefined()
    expect(find(mine.held.files, held)).toMatchObject({ holdReason: 'case 7' })
    const theirs = await retentionView(paul)
    expect(find(theirs.due.files, lifted)).toMatchObject({ closed: null })
    const [photos] = theirs.classes
    expect(photos).toMatchObject({ id: 'photo', months: 24, due: theirs.due.count })
    await execute(paul, purge, { files: [due], reason: 'two years are over' })
    const after = await retentionView(greta)
    expect(find(after.destroyed.files, due)).toMatchObject({ purgeReason: 'two years are over' })
    // Auditors read; who may not, neither reads nor learns that there is something; another warehouse has nothing of it.
    expect(find(after.due.files, lifted)?.sha256).toBe(lifted)
    expect(after.due.files.every(({ closed }) => closed?.startsWith('Your role may not') === true)).toBe(true)
    expect(await code(retentionView(jo))).toBe('forbidden')
    const elsewhere = await retentionView(lodzHold)
    expect([elsewhere.due.count, elsewhere.held.count, elsewhere.destroyed.count]).toEqual([0, 0, 0])
    const venlo = somebody('venlo', ['compliance_officer'], {
      entities: null,
      facilities: ['venlo'],
      channels: ['dtc'],
    })
    expect((await retentionView(venlo)).due.count).toBe((await retentionView(hugo)).due.count)
  })
})
