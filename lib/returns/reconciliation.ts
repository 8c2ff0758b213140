import { ON_BOOKS } from './positions'

/** Statuses whose goods lie in return zones, apart from stock that is sold from: what cycle counts of returns are about. */
export const RETURN_ZONES = [
  'received',
  'hold',
  'quarantine',
  'refurbish',
  'vendor',
  'sellable',
  'liquidation',
  'scrap',
] as const

export const isReturnZone = (status: string): boolean => RETURN_ZONES.some((each) => each === status)

/** Whether goods of a status have a value in the books. */
export const isStatusOnBooks = (status: string): boolean => ON_BOOKS.some((each) => each === status)
