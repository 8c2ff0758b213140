import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../../lib/db/client'
import { annotation, categoryClass, facility, fxRate, installation, supplier } from '../../lib/db/schema/index'
import type { ReferenceData } from './reference'

/** What the database knows of the demo company: with which options it was made, and whether it is all there. */
const record = z.object({
  state: z.enum(['filling', 'done']),
  seed: z.number(),
  today: z.iso.datetime(),
  months: z.number(),
  scale: z.number(),
})
export type DemoRecord = z.infer<typeof record>
const KEY = 'demo'
const LIVE_KEY = 'demo-live'
const WORK_KEY = 'demo-work'

export async function readRecord(databaseUrl: string): Promise<DemoRecord | undefined> {
  const [row] = await db(databaseUrl).select().from(installation).where(eq(installation.key, KEY))
  return row ? record.parse(row.value) : undefined
}

export async function writeRecord(databaseUrl: string, value: DemoRecord): Promise<void> {
  await put(databaseUrl, KEY, value)
}

/** Up to which instant the live company has told its events. */
export async function readLiveUntil(databaseUrl: string): Promise<number | undefined> {
  const [row] = await db(databaseUrl).select().from(installation).where(eq(installation.key, LIVE_KEY))
  return row ? Date.parse(z.object({ until: z.iso.datetime() }).parse(row.value).until) : undefined
}

export async function writeLiveUntil(databaseUrl: string, until: number): Promise<void> {
  await put(databaseUrl, LIVE_KEY, { until: new Date(until).toISOString() })
}

/** The steps of the work in hand that were done. */
export async function readWorkDone(databaseUrl: string): Promise<readonly string[]> {
  const [row] = await db(databaseUrl).select().from(installation).where(eq(installation.key, WORK_KEY))
  return row ? z.object({ done: z.array(z.string()) }).parse(row.value).done : []
}

export const writeWorkDone = (databaseUrl: string, done: readonly string[]): Promise<void> =>
  put(databaseUrl, WORK_KEY, { done })

async function put(databaseUrl: string, key: string, value: object): Promise<void> {
  const row = { key, value, at: new Date() }
  await db(databaseUrl).insert(installation).values(row).onConflictDoUpdate({ target: installation.key, set: row })
}

const RATES_AT_ONCE = 2000

/** Puts facilities, suppliers, rates and marks in place; what is there already is made equal. */
export async function writeReference(databaseUrl: string, reference: ReferenceData): Promise<void> {
  await db(databaseUrl).transaction(async (tx) => {
    for (const row of reference.facilities)
      await tx.insert(facility).values(row).onConflictDoUpdate({ target: facility.id, set: row })
    for (const { coverage, minimumClaim, ...rest } of reference.suppliers) {
      const row = { ...rest, coverage: String(coverage), minimumClaim: String(minimumClaim) }
      await tx.insert(supplier).values(row).onConflictDoUpdate({ target: supplier.id, set: row })
    }
    for (const row of reference.categoryClasses)
      await tx.insert(categoryClass).values(row).onConflictDoUpdate({ target: categoryClass.category, set: row })
    for (const row of reference.annotations)
      await tx.insert(annotation).values(row).onConflictDoUpdate({ target: annotation.id, set: row })
    for (let at = 0; at < reference.fxRates.length; at += RATES_AT_ONCE)
      await tx
        .insert(fxRate)
        .values(reference.fxRates.slice(at, at + RATES_AT_ONCE))
        .onConflictDoNothing()
  })
}
