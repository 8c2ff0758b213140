import { random } from '../../scripts/chaos/sender'
import type { Company } from './contributions'
import { factsOf, liveEvents, type References } from './facts'
import { deliveries, history } from './history'
import { unitsOf } from './units'

/**
 * Companies that live in one database: what is costly, a publish and the planning of a question, is then done once for all of them. They share
 * codes (channels, categories, facilities) and rates, and nothing that has an id, so that each is as odd as it would be alone; what is estimated
 * is estimated of all together, as of one company with so many more units.
 */
export interface World {
  seeds: readonly number[]
  references: References
  /** Delivered one after the other, each published before the next comes: what comes late publishes anew what is served. */
  deliveries: string[][]
  company: Company
}

/** In turn: one alone, where next to nothing is known; more, until there is enough for delay curves of their own. */
const SIZES = [1, 3, 6, 10]

export function worldsOf(first: number, companies: number): number[][] {
  const worlds: number[][] = []
  for (let done = 0; done < companies; ) {
    const size = Math.min(SIZES[worlds.length % SIZES.length] ?? 1, companies - done)
    worlds.push(Array.from({ length: size }, (_, index) => first + done + index))
    done += size
  }
  return worlds
}

export function world(seeds: readonly number[]): World {
  const stories = seeds.map(history)
  const [one] = stories
  if (!one) throw new Error('A world without a company')
  const references = { ...one.references, suppliers: stories.flatMap((story) => story.references.suppliers) }
  const raws = stories.flatMap((story) => story.raws)
  const facts = factsOf(liveEvents(raws), references)
  return {
    seeds,
    references,
    deliveries: deliveries(raws, random(one.seed), 2),
    company: { units: unitsOf(facts, references), sales: [...facts.sales.values()] },
  }
}
