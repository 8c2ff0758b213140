import type { Dimension, Fact } from '../definition-types'
import { hasDimension } from '../plan'
import type { Question } from '../question'
import { Estimates } from './estimates'
import { Params } from './params'
import { bind, bucketSql } from './words'

/** What the pieces of one statement share: its parameters, its estimates, and the question's filters. */
export class Context {
  readonly params = new Params()
  readonly estimates: Estimates
  readonly tz: string
  constructor(readonly question: Question) {
    this.tz = this.params.text(question.tz)
    this.estimates = new Estimates(this.params)
  }

  /** A dimension of a fact as an expression; `clock` is the column that time is cut by. */
  dimension(dimension: Dimension, fact: Fact, clock: string, instant: string): string {
    if (dimension.kind === 'time') return bucketSql(dimension.id, clock, this.tz)
    const column = dimension.columns[fact]
    if (!column) throw new Error(`${fact} has no ${dimension.id}`)
    return bind(column, instant, this.tz)
  }

  /** Filters and the reader's scope, as far as the fact has the dimensions. `derived`: those that need more than a column. */
  filters(fact: Fact, instant: string): { plain: string[]; derived: string[] } {
    const plain = this.#scope(fact)
    const derived: string[] = []
    for (const { dimension, op, values } of this.question.filters) {
      if (!hasDimension(fact, dimension)) continue
      const expression = this.dimension(dimension, fact, '', instant)
      const isColumn = /^\w+$/.test(expression) && expression !== 'status_at_t'
      const condition = `${expression} ${op === 'not_in' ? 'NOT IN' : 'IN'} ${this.params.texts(values)}`
      if (isColumn) plain.push(condition)
      else derived.push(condition)
    }
    return { plain, derived }
  }

  #scope(fact: Fact): string[] {
    const { entities, channels, facilities } = this.question.scope
    const facility = fact === 'sales' || fact === 'aged_sales' || fact === 'open_sales' ? 'ship_facility' : 'facility'
    const limit = (column: string, values: readonly string[] | null) =>
      values ? [`${column} IN ${this.params.texts(values)}`] : []
    return [...limit('entity', entities), ...limit('channel', channels), ...limit(facility, facilities)]
  }
}
