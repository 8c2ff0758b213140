import { eq } from 'drizzle-orm'
import { db } from '../../../lib/db/client'
import { facility, fxRate } from '../../../lib/db/schema/index'
import { env } from '../../../lib/env'
import { UserError } from '../../../lib/errors'
import { CURRENCY, ENTITY, FACILITY } from './events'

/** What a pound is worth when nobody has given a rate: about the mean of the file's thirteen months. */
const FIXTURE = { currency: CURRENCY, day: '2010-01-01', rate: '1.1670', source: 'fixture: constant 1.1670' } as const
const OF = 'EUR'

/** Adds what the events refer to and Postgres does not know: the shop's warehouse, and a rate of the pound. */
export async function addReference(databaseUrl: string): Promise<void> {
  const database = db(databaseUrl)
  await database
    .insert(facility)
    .values({
      id: FACILITY,
      name: 'Online Retail, UK',
      kind: 'warehouse',
      entity: ENTITY,
      country: 'GB',
      tz: 'Europe/London',
      shifts: [],
    })
    .onConflictDoNothing()
  const reporting = env().BACKHAUL_CURRENCY
  const known = await database.select().from(fxRate).where(eq(fxRate.currency, CURRENCY)).limit(1)
  if (reporting === CURRENCY || known.length > 0) return
  if (reporting !== OF) {
    throw new UserError(
      'currency_unknown',
      `There is no exchange rate from ${CURRENCY} to ${reporting}. Add one to the table fx_rate, then run the import again.`,
    )
  }
  await database.insert(fxRate).values(FIXTURE).onConflictDoNothing()
}
