import { env } from '../../lib/env'
import { type CodeMapping, codeMapOf } from '../../lib/returns/code-map'
import type { Vocabulary } from '../contract/validate'

/** Asks Postgres on whatever connection or transaction the caller works with. */
type Ask = (text: string) => Promise<{ rows: readonly Record<string, unknown>[] }>

/**
 * What can be understood now. The currencies that can be converted: the reporting currency and every one with an exchange rate. And the codes of
 * outside systems that somebody has given a meaning. An event with another one would make a number that nobody can check, so it waits in
 * quarantine until its rate or its meaning is there.
 */
export async function knownVocabulary(ask: Ask): Promise<Vocabulary> {
  const rates = await ask('SELECT DISTINCT currency FROM fx_rate')
  const mappings = await ask('SELECT source, list, outside, code FROM code_mapping')
  return {
    currencies: new Set([env().BACKHAUL_CURRENCY, ...rates.rows.map(({ currency }) => String(currency))]),
    codes: codeMapOf(mappings.rows as unknown as readonly CodeMapping[]),
  }
}
