import { bigint, customType, timestamp } from 'drizzle-orm/pg-core'

/** An instant, to the millisecond, in UTC. */
export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })

/** An amount in 1/10,000 of the main unit of the currency beside it, as in lib/money.ts. */
export const money = (name: string) => bigint(name, { mode: 'bigint' })

export const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' })
