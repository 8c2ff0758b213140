import { DAY, dayOf, demand } from './calendar'
import { type Catalogue, makeCatalogue } from './catalogue'
import { ForeignExchange } from './fx'
import { type Story, storyOf } from './story'

/** What a company is made from; the same options give the same events to the byte. */
export interface CompanyOptions {
  seed: number
  /** The instant up to which the history reaches. */
  today: Date
  /** Length of the history in months. */
  months: number
  /** 1 = about 600,000 sale lines in 18 months. */
  scale: number
}

/** Everything that the parts of the simulator share; never changed after it is made. */
export interface World extends CompanyOptions {
  story: Story
  catalogue: Catalogue
  fx: ForeignExchange
  firstDay: number
  lastDay: number
  /** Makes the days' demand average 1 over the history. */
  demandNorm: number
}

export function makeWorld(options: CompanyOptions): World {
  const lastDay = dayOf(options.today.getTime())
  const start = new Date(options.today)
  start.setUTCMonth(start.getUTCMonth() - options.months)
  const firstDay = dayOf(start.getTime())
  let sum = 0
  for (let day = firstDay; day <= lastDay; day++) sum += demand(day, lastDay)
  return {
    ...options,
    story: storyOf(options.today),
    catalogue: makeCatalogue(options.seed),
    fx: new ForeignExchange(options.seed),
    firstDay,
    lastDay,
    demandNorm: (lastDay - firstDay + 1) / sum,
  }
}

/** Days before the history's last midnight. */
export const daysAgo = (world: World, at: number): number => world.lastDay - at / DAY
