import { describe, expect, it } from 'vitest'
import { closeDatabase, pool } from '../../lib/db/client'
import { checkDatabases } from '../../scripts/doctor/databases'
import { refuseUnsafe } from '../../scripts/start/safety'
import { freshDatabases } from '../setup/databases'

const { databaseUrl } = await freshDatabases()

const statusOf = async (what: string) => (await checkDatabases(undefined)).find((finding) => finding.what === what)

describe('a PostgreSQL that acknowledges what it has not kept', () => {
  it('is refused at the start, and the doctor says how to mend it', async () => {
    await refuseUnsafe(databaseUrl)
    expect(await statusOf('Durability')).not.toHaveProperty('mend')

    const name = new URL(databaseUrl).pathname.slice(1)
    await pool(databaseUrl).query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
    await closeDatabase()

    await expect(refuseUnsafe(databaseUrl)).rejects.toThrow('synchronous_commit = off')
    expect(await statusOf('Durability')).toMatchObject({ found: 'synchronous_commit = off', mend: expect.any(String) })
  })
})

describe('the doctor', () => {
  it('finds migrated databases in order', async () => {
    for (const what of ['PostgreSQL', 'PostgreSQL schema', 'ClickHouse', 'ClickHouse schema', 'Relay']) {
      expect(await statusOf(what)).toMatchObject({ what })
      expect(await statusOf(what)).not.toHaveProperty('mend')
    }
  })

  it('notices that migrations are missing', async () => {
    await pool(databaseUrl).query('DELETE FROM drizzle.__drizzle_migrations')
    expect(await statusOf('PostgreSQL schema')).toMatchObject({ mend: expect.stringContaining('npm start') })
  })
})
