import { z } from 'zod'
import { type Database, run, type Transaction } from '../db/client'
import { statement } from '../db/statement'

/** Every value that an admin may set, with what it is by default. */
export const SETTINGS = {
  /** Sources whose requests are decided and worked here; other sources decide for themselves and are only recorded. Prefixes ending in `*`. */
  managed_sources: z.array(z.string()).default(['/shop/*', '/portal/*']),
  /** Days that an event may wait for the one that must come before it (an inspection for its receipt) before it is late. */
  wait_days: z.number().int().min(0).max(60).default(1),
  /** Hours after the expected arrival at which a parcel counts as late. */
  late_hours: z.number().int().min(1).max(2000).default(120),
  /** Open units that a facility may have for each unit of its daily capacity. */
  backlog_days: z.number().min(0.1).max(365).default(10),
  /** Returns of one customer in 90 days from which on they are looked at. */
  abuse_returns: z.number().int().min(1).max(1000).default(12),
  /** What an hour of work costs, by facility ('*' for every other one), as decimal texts; without a currency in the reporting one. */
  labor_rates: z
    .record(z.string(), z.strictObject({ per_hour: z.string(), currency: z.string().length(3).optional() }))
    .default({ '*': { per_hour: '28' } }),
} as const

/** What each setting means, for whoever sets it. */
export const SETTING_WORDS: Readonly<Record<keyof typeof SETTINGS, string>> = {
  managed_sources:
    'Sources whose requests are decided and worked here; a prefix ends in *. Other sources decide for themselves and are recorded.',
  wait_days: 'Days that an event may wait for the one that must come before it, such as an inspection for its receipt.',
  late_hours: 'Hours after the expected arrival at which a parcel counts as late.',
  backlog_days: 'Open units that a facility may have for each unit of its daily capacity.',
  abuse_returns: 'Returns of one customer in 90 days from which on they are looked at.',
  labor_rates: 'What an hour of work costs, by facility; * is every other one.',
}

export type SettingKey = keyof typeof SETTINGS
export type SettingValue<K extends SettingKey> = z.output<(typeof SETTINGS)[K]>

const VALUE = statement('SELECT value FROM setting WHERE key = $1')

/** A setting as it is, or its default. */
export async function settingOf<K extends SettingKey>(on: Database | Transaction, key: K): Promise<SettingValue<K>> {
  const { rows } = await run<{ value: unknown }>(on, VALUE, [key])
  return SETTINGS[key].parse(rows[0]?.value) as SettingValue<K>
}

/** Whether a source is one of those that the setting names. */
export const isManaged = (source: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? source.startsWith(pattern.slice(0, -1)) : source === pattern))
