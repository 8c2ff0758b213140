import type pg from 'pg'

/** Small facts that the relay keeps over a restart, in the `installation` table. */
type Key = 'rollups_behind' | 'reference' | 'reference_seen' | 'audit' | 'sweep' | 'codes'

export async function remember(pool: pg.Pool, key: Key, value: unknown): Promise<void> {
  await pool.query(
    'INSERT INTO installation (key, value) VALUES ($1, $2::jsonb) ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = now()',
    [key, JSON.stringify(value)],
  )
}

export async function recall<T>(pool: pg.Pool, key: Key, fallback: T): Promise<T> {
  const { rows } = await pool.query<{ value: T }>('SELECT value FROM installation WHERE key = $1', [key])
  return rows[0]?.value ?? fallback
}
