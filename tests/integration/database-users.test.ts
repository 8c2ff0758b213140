import { describe, expect, it } from 'vitest'
import { readClient, writeClient } from '../../clickhouse/client'
import { pool } from '../../lib/db/client'
import { freshDatabases } from '../setup/databases'

const databases = await freshDatabases({ migrate: false })
const database = new URL(databases.clickhouseUrl).pathname.slice(1)
const writer = writeClient(databases.clickhouseUrl)
const reader = readClient(databases.clickhouseReadUrl)

await writer.command({
  query:
    'CREATE TABLE secret (x UInt32) ENGINE = MergeTree ORDER BY x SETTINGS non_replicated_deduplication_window = 100',
})
await writer.insert({ table: 'secret', values: [{ x: 1 }, { x: 2 }], format: 'JSONEachRow' })

/** Asks without any account, as any process on this machine could. */
async function anonymous(query: string): Promise<{ ok: boolean; text: string }> {
  const answer = await fetch(new URL(databases.clickhouseUrl).origin, { method: 'POST', body: query })
  return { ok: answer.ok, text: await answer.text() }
}

describe('the web account of ClickHouse', () => {
  it('reads our tables', async () => {
    const answer = await reader.query({ query: 'SELECT sum(x) AS total FROM secret', format: 'JSONEachRow' })
    expect(await answer.json()).toEqual([{ total: 3 }])
  })

  it.each([
    'INSERT INTO secret VALUES (3)',
    'CREATE TABLE mine (x UInt8) ENGINE = Memory',
    'ALTER TABLE secret DELETE WHERE 1',
    'DROP TABLE secret',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM remote('127.0.0.1', 'system', 'one')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    'SELECT query FROM system.processes',
    'SELECT * FROM system.users',
    'SYSTEM STOP LISTEN HTTP',
  ])('may not %s', async (query) => {
    await expect(reader.command({ query })).rejects.toThrow(/Not enough privileges|readonly mode/)
  })

  it.each(['SET max_execution_time = 0', 'SELECT 1 SETTINGS max_memory_usage = 0', 'SET readonly = 0'])(
    'may not lift its limits: %s',
    async (query) => {
      await expect(reader.command({ query })).rejects.toThrow(/readonly mode/)
    },
  )

  it('is cut off when a query takes too long', async () => {
    const answer = await reader.query({ query: "SELECT getSetting('max_execution_time') AS s", format: 'JSONEachRow' })
    expect(await answer.json()).toEqual([{ s: 10 }])
  })
})

describe('the ingest account of ClickHouse', () => {
  it.each([
    'CREATE DATABASE elsewhere ENGINE = Atomic',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    "INSERT INTO FUNCTION file('/tmp/out.csv', 'CSV', 'x UInt8') SELECT 1",
    'SYSTEM SHUTDOWN',
    "CREATE USER me IDENTIFIED BY 'x'",
  ])('may not %s', async (query) => {
    await expect(writer.command({ query })).rejects.toThrow(/Not enough privileges|ACCESS_|readonly/)
  })

  it('writes without the insert deduplication that can lose rows', async () => {
    for (let time = 0; time < 2; time++) {
      await writer.insert({
        table: 'secret',
        values: [{ x: 9 }],
        format: 'JSONEachRow',
        clickhouse_settings: { insert_deduplication_token: 'same' },
      })
    }
    const answer = await writer.query({ query: 'SELECT count() AS n FROM secret WHERE x = 9', format: 'JSONEachRow' })
    expect(await answer.json()).toEqual([{ n: 2 }])
  })
})

describe('nobody in particular', () => {
  it.each([
    `SELECT * FROM ${database}.secret`,
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
    'SELECT * FROM system.users',
    `INSERT INTO ${database}.secret VALUES (4)`,
  ])('may not %s', async (query) => {
    const answer = await anonymous(query)
    expect(answer).toMatchObject({ ok: false, text: expect.stringContaining('Not enough privileges') })
  })
})

describe('the application role of PostgreSQL', () => {
  it('is no superuser, and its sessions time out', async () => {
    const { rows } = await pool(databases.databaseUrl).query(
      "SELECT rolsuper, current_setting('statement_timeout') AS statement, current_setting('transaction_timeout') AS tx FROM pg_roles WHERE rolname = current_user",
    )
    expect(rows).toEqual([{ rolsuper: false, statement: '30s', tx: '1min' }])
  })

  it.each(["COPY (SELECT 1) TO PROGRAM 'true'", "SELECT pg_read_file('/etc/passwd')", 'ALTER SYSTEM SET fsync = off'])(
    'may not %s',
    async (query) => {
      await expect(pool(databases.databaseUrl).query(query)).rejects.toThrow(/permission denied/)
    },
  )

  it('runs on settings that keep what was acknowledged', async () => {
    const { rows } = await pool(databases.databaseUrl).query(
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums') ORDER BY name",
    )
    expect(rows.map(({ setting }) => setting)).toEqual(['on', 'on', 'on', 'on'])
  })
})
