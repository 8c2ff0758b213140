import { readClient } from '../clickhouse/client'
import { pool } from './db/client'

const WITHIN_MS = 3000

const answers = (name: string, asking: Promise<unknown>): Promise<string[]> => {
  const late = new Promise<never>((_, reject) => setTimeout(reject, WITHIN_MS).unref())
  return Promise.race([asking, late]).then(
    () => [],
    () => [name],
  )
}

/** What the web needs and does not have: names of stores that do not answer or are not migrated; none when it may serve. */
export async function missing(): Promise<string[]> {
  const found = await Promise.all([
    answers(
      'postgres',
      attempt(() => pool().query('SELECT id FROM api_key LIMIT 0')),
    ),
    answers(
      'clickhouse',
      attempt(() =>
        readClient()
          .query({ query: 'SELECT event_time FROM watermark LIMIT 0', format: 'JSONEachRow' })
          .then((result) => result.text()),
      ),
    ),
  ])
  return found.flat()
}

/** A missing setting throws at once; it is an answer like any other here. */
const attempt = async (ask: () => Promise<unknown>): Promise<unknown> => ask()
