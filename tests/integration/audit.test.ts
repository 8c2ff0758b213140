import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { readAnchors } from '../../lib/audit/anchor'
import { exportLog } from '../../lib/audit/export'
import { anchorMissing, MOST, sealOnce } from '../../lib/audit/seal'
import { type Verified, verifyLog } from '../../lib/audit/verify'
import { changeAccount, createAccount } from '../../lib/auth/accounts'
import { createKey, revokeKey } from '../../lib/auth/api-keys'
import { pool, withoutTimeouts, withTransaction } from '../../lib/db/client'
import { rereadEnv } from '../../lib/env'
import type { Audited } from '../../lib/workflow/record/audit'
import { audit } from '../../lib/workflow/record/audit'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases()
const TABLES = ['audit_entry', 'audit_block']

/** A log of its own for each test: an empty one, with a folder for its key and its anchors. */
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backhaul-audit-'))
  process.env.BACKHAUL_AUDIT_KEY = join(folder, 'key.pem')
  process.env.BACKHAUL_AUDIT_ANCHORS = join(folder, 'anchors')
  rereadEnv()
  await past('TRUNCATE audit_block; TRUNCATE audit_entry')
})

/** Changes past every control, as the tables' owner can. */
async function past(statement: string): Promise<void> {
  const triggers = (what: string) => TABLES.map((table) => `ALTER TABLE ${table} ${what} TRIGGER USER`).join(';')
  await pool().query(`BEGIN; ${triggers('DISABLE')}; ${statement}; ${triggers('ENABLE')}; COMMIT`)
}

const doer = { kind: 'person', id: 'p1', name: 'Greta "G" Ü', roles: ['auditor'] } as const
async function write(count: number, more: Partial<Audited> = {}, at = new Date()): Promise<void> {
  await withTransaction((tx) =>
    audit(
      tx,
      doer,
      at,
      Array.from({ length: count }, (_, index) => ({
        ...{ action: 'unit.changed', objectType: 'unit', objectId: `U${index}`, rmaId: 'R-1' },
        diff: { status: ['received', 'hold'], n: index, 'z\u00e4': [null, { b: 1.5, a: '12345678901234567890' }] },
        ...more,
      })),
    ),
  )
}
const seal = () => withoutTimeouts((client) => sealOnce(client))
const verify = (unaudited: () => Promise<readonly string[]> = async () => []): Promise<Verified> =>
  withoutTimeouts((client) => verifyLog(client, { unaudited }))
/** Three blocks of seven entries. */
async function three(): Promise<void> {
  for (let block = 0; block < 3; block++) {
    await write(7)
    await seal()
  }
}

describe('sealing', () => {
  it('puts every committed entry into one block, in order, and verifies as whole', async () => {
    await three()
    await write(2)
    expect(await verify()).toMatchObject({ blocks: 3, entries: 21, anchored: 3, unsealed: 2, broken: null })
    const { rows } = await pool().query('SELECT block, leaf FROM audit_entry WHERE block IS NOT NULL ORDER BY seq')
    expect(rows.map(({ block, leaf }) => `${block}/${leaf}`)).toEqual(
      [1, 2, 3].flatMap((n) => Array.from({ length: 7 }, (_, i) => `${n}/${i}`)),
    )
  })

  it('has full blocks, and an empty one never', async () => {
    await write(MOST + 5)
    expect([await seal(), await seal(), await seal()]).toEqual([MOST, 5, 0])
    expect(await verify()).toMatchObject({ blocks: 2, entries: MOST + 5, broken: null })
  })

  it('leaves a transaction that commits late to a later block', async () => {
    const turn: { commit: () => void } = { commit: () => undefined }
    let begun: () => void = () => undefined
    const written = new Promise<void>((resolve) => {
      begun = resolve
    })
    const late = withTransaction(async (tx) => {
      await audit(tx, doer, new Date(), [{ action: 'late', objectType: 'x', objectId: 'x', diff: {} }])
      begun()
      await new Promise<void>((resolve) => {
        turn.commit = resolve
      })
    })
    await written
    await write(3)
    expect(await seal()).toBe(3)
    turn.commit()
    await late
    expect(await seal()).toBe(1)
    expect(await verify()).toMatchObject({ blocks: 2, entries: 4, broken: null })
  })

  it('killed between its commit and its anchor, catches up', async () => {
    await write(4)
    const child = spawn(process.execPath, ['--import', 'tsx', 'tests/setup/seal-child.ts'], {
      env: { ...process.env, DATABASE_URL: databases.databaseUrl, FAILPOINT: 'after_seal_before_anchor' },
      stdio: 'ignore',
    })
    const [, killedBy] = await once(child, 'exit')
    expect(killedBy).toBe('SIGKILL')
    expect(readAnchors()).toHaveLength(0)
    expect(await withoutTimeouts((client) => anchorMissing(client))).toBe(1)
    expect(await withoutTimeouts((client) => anchorMissing(client))).toBe(0)
    expect(await verify()).toMatchObject({ blocks: 1, anchored: 1, broken: null })
  })

  it('refuses every change of what is sealed', async () => {
    await three()
    for (const statement of [
      "UPDATE audit_entry SET reason = 'x'",
      'DELETE FROM audit_entry',
      'TRUNCATE audit_entry',
      'UPDATE audit_block SET count = 1',
      'DELETE FROM audit_block',
    ])
      await expect(pool().query(statement)).rejects.toThrow(/append-only/)
  })
})

const second = '(SELECT seq FROM audit_entry WHERE block = 2 ORDER BY leaf LIMIT 1)'
describe('what was tampered with is found and named', () => {
  it.each([
    ['modified', '2', `UPDATE audit_entry SET diff = '{"status": ["received", "sellable"]}' WHERE seq = ${second}`],
    ['modified', '2', `UPDATE audit_entry SET actor = 'somebody else' WHERE seq = ${second}`],
    ['modified', '2', `UPDATE audit_entry SET at = at + interval '1 millisecond' WHERE seq = ${second}`],
    ['modified', '3', "UPDATE audit_block SET last_at = last_at + interval '1 second' WHERE n = 3"],
    ['deleted', '2', `DELETE FROM audit_entry WHERE seq = ${second}`],
    ['deleted', '2', 'DELETE FROM audit_block WHERE n = 2'],
    [
      'inserted',
      '2',
      `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff, block, leaf) VALUES (now(), 'person', 'x', 'x', 'x', 'x', '{}', 2, 7)`,
    ],
    [
      'inserted',
      '9',
      `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff, block, leaf) VALUES (now(), 'person', 'x', 'x', 'x', 'x', '{}', 9, 0)`,
    ],
    ['reordered', '2', 'UPDATE audit_entry SET leaf = 6 - leaf WHERE block = 2'],
    [
      'reordered',
      '1',
      'UPDATE audit_block SET n = 99 WHERE n = 1; UPDATE audit_block SET n = 1 WHERE n = 2; UPDATE audit_block SET n = 2 WHERE n = 99',
    ],
    ['truncated', '3', 'DELETE FROM audit_entry WHERE block = 3; DELETE FROM audit_block WHERE n = 3'],
    ['truncated', '3', 'DELETE FROM audit_block WHERE n = 3'],
    ['signature', '2', "UPDATE audit_block SET signature = decode(repeat('00', 64), 'hex') WHERE n = 2"],
    [
      'signature',
      '1',
      'UPDATE audit_block b SET signature = o.signature FROM audit_block o WHERE o.n = 3 - b.n AND b.n IN (1, 2)',
    ],
    [
      'unsealed',
      null,
      `INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now() - interval '2 minutes', 'person', 'x', 'x', 'x', 'x', '{}')`,
    ],
  ] as const)('%s, at block %s', async (kind, block, statement) => {
    await three()
    await past(statement)
    const { broken } = await verify()
    // A block that was moved is first of all not what its own hash says.
    expect(kind === 'reordered' && block === '1' ? ['reordered', 'modified'] : [kind]).toContain(broken?.kind)
    expect(broken?.block).toBe(block)
  })

  it('rewritten: a chain that is whole in itself, sealed anew with the right key, is not the one that was anchored', async () => {
    await three()
    await past(
      `UPDATE audit_entry SET reason = 'forged' WHERE seq = ${second}; UPDATE audit_entry SET block = NULL, leaf = NULL; DELETE FROM audit_block`,
    )
    const anchors = readFileSync(join(process.env.BACKHAUL_AUDIT_ANCHORS ?? '', 'audit.ndjson'))
    await seal()
    writeFileSync(join(process.env.BACKHAUL_AUDIT_ANCHORS ?? '', 'audit.ndjson'), anchors)
    expect((await verify()).broken).toMatchObject({ kind: 'rewritten', block: '1' })
  })

  it('signature: sealed anew with a key of somebody’s own', async () => {
    await three()
    const anchors = process.env.BACKHAUL_AUDIT_ANCHORS
    process.env.BACKHAUL_AUDIT_KEY = join(mkdtempSync(join(tmpdir(), 'backhaul-audit-')), 'own.pem')
    process.env.BACKHAUL_AUDIT_ANCHORS = mkdtempSync(join(tmpdir(), 'backhaul-audit-'))
    rereadEnv()
    await past('UPDATE audit_entry SET block = NULL, leaf = NULL; DELETE FROM audit_block')
    await seal()
    process.env.BACKHAUL_AUDIT_ANCHORS = anchors
    rereadEnv()
    expect((await verify()).broken).toMatchObject({ kind: 'signature', block: '1' })
  })

  it('is named by the command, with its class and its place', async () => {
    const told = (env: Record<string, string> = {}) =>
      spawnSync(process.execPath, ['--import', 'tsx', 'scripts/backhaul.ts', 'audit', 'verify'], {
        env: { ...process.env, ...env },
        encoding: 'utf8',
      })
    // The log of this test began after the policies were installed: they are written anew, with their entry.
    await pool().query(`BEGIN;
      INSERT INTO audit_entry (at, actor_kind, actor, action, object_type, object_id, diff) VALUES (now(), 'system', 'x', 'x', 'x', 'x', '{}');
      ALTER TABLE policy DISABLE TRIGGER USER; UPDATE policy SET note = note; ALTER TABLE policy ENABLE TRIGGER USER; COMMIT`)
    await three()
    expect(told()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^whole: every entry/m) })
    // Somebody with the rights of the owner switches a trigger off, and writes nothing down.
    await pool().query(
      `BEGIN; ALTER TABLE policy DISABLE TRIGGER USER; UPDATE policy SET note = 'as it suits me' WHERE kind = 'returns'; ALTER TABLE policy ENABLE TRIGGER USER; COMMIT`,
    )
    expect(told()).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^broken at block \(none\): unaudited\. .*policy: 1 rows of transaction \d+/m),
    })
    await past(`UPDATE audit_entry SET reason = 'forged' WHERE seq = ${second}`)
    expect(told()).toMatchObject({ status: 1, stdout: expect.stringMatching(/^broken at block 2: modified\. /m) })
  })

  it('unaudited: a change of a controlled table without an entry', async () => {
    await three()
    expect((await verify(async () => ['rma: 1 rows of transaction 99'])).broken).toMatchObject({
      kind: 'unaudited',
      block: null,
    })
  })
})

it('has every change of who may do what, without a secret', async () => {
  const email = `eve-${crypto.randomUUID()}@test.example`
  const made = await createAccount({ email, name: 'Eve', password: 'correct horse battery 77', roles: ['receiver'] })
  await changeAccount(email, { roles: ['receiver', 'inspector'], password: 'another long horse 78' })
  const { id, key } = await createKey({ name: 'one', scopes: ['events:write'], sources: ['/x'] })
  await revokeKey(id)
  const { rows } = await pool().query<{ action: string; diff: Record<string, unknown> }>(
    'SELECT action, diff FROM audit_entry WHERE object_id IN ($1, $2) ORDER BY seq',
    [made.id, id],
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'account.created',
    'account.changed',
    'api_key.created',
    'api_key.changed',
  ])
  expect(rows[1]?.diff).toMatchObject({
    roles: [['receiver'], ['receiver', 'inspector']],
    password_hash: ['set', 'set anew'],
  })
  const text = JSON.stringify(rows)
  expect(text).not.toContain('argon2')
  expect(text).not.toContain(key)
})

describe('an export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backhaul-export-'))
  const check = (file: string, anchors = true) =>
    spawnSync(
      process.execPath,
      [
        'scripts/audit/verify-export.mjs',
        file,
        ...(anchors ? [join(process.env.BACKHAUL_AUDIT_ANCHORS ?? '', 'audit.ndjson')] : []),
      ],
      { encoding: 'utf8' },
    )
  async function take(asked: Parameters<typeof exportLog>[1]): Promise<{ file: string; lines: string[] }> {
    const file = join(folder, `${crypto.randomUUID()}.ndjson`)
    const text = await withoutTimeouts(async (client) => {
      let all = ''
      for await (const part of exportLog(client, asked)) all += part
      return all
    })
    writeFileSync(file, text)
    return { file, lines: text.trimEnd().split('\n') }
  }
  const tampered = (lines: readonly string[], change: (lines: string[]) => string[]): string => {
    const file = join(folder, `${crypto.randomUUID()}.ndjson`)
    writeFileSync(file, `${change([...lines]).join('\n')}\n`)
    return file
  }

  it('is verified by a script of a hundred lines that knows nothing of us, whole and of one return', async () => {
    await three()
    await write(2, { rmaId: 'R-2' })
    await write(3)
    await seal()
    const whole = await take({})
    expect(check(whole.file)).toMatchObject({
      status: 0,
      stdout: '26 entries in 4 blocks are what was sealed and anchored\n',
    })
    const one = await take({ rmaId: 'R-2' })
    expect(one.lines).toHaveLength(1 + 1 + 2)
    expect(check(one.file)).toMatchObject({
      status: 0,
      stdout: '2 entries in 1 blocks are what was sealed and anchored\n',
    })
    expect(readFileSync('scripts/audit/verify-export.mjs', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(
      100,
    )
    expect(readFileSync('scripts/audit/verify-export.mjs', 'utf8')).not.toMatch(/from '(?!node:)/)
  })

  it('is refused by it when anything in it was touched', async () => {
    await three()
    const { lines } = await take({})
    const edit = (place: number, from: string | RegExp, to: string) => (all: string[]) =>
      all.with(place, (all[place] ?? '').replace(from, to))
    for (const change of [
      edit(2, 'received', 'sellable'),
      edit(1, /"count":7/, '"count":6'),
      edit(1, /"lastAt":\d+/, '"lastAt":1'),
      edit(1, /"signature":"[^"]{4}/, '"signature":"AAAA'),
      (all: string[]) => all.toSpliced(3, 1),
      (all: string[]) => all.toSpliced(9, 8),
      (all: string[]) => all.toSpliced(3, 0, all[3] ?? ''),
      (all: string[]) => all.with(3, all[4] ?? '').with(4, all[3] ?? ''),
    ])
      expect(check(tampered(lines, change)).status).toBe(1)
  })
})
