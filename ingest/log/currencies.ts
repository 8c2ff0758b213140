import type { ClientBase, Pool } from 'pg'
import { env } from '../../lib/env'

/**
 * The currencies that can be converted: the reporting currency and every one with an exchange rate. An event in another one would make a
 * number that nobody can check, so it waits in quarantine until its rate is there.
 */
export async function knownCurrencies(connection: Pool | ClientBase): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query<{ currency: string }>('SELECT DISTINCT currency FROM fx_rate')
  return new Set([env().BACKHAUL_CURRENCY, ...rows.map(({ currency }) => currency)])
}
