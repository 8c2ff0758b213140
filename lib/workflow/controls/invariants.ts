import { BOOKS } from './books'
import { GOODS } from './goods'
import type { Invariant } from './invariant'
import { MONEY } from './money'
import { RECORD } from './record'

const NUMBER = /\d+/

/** Every invariant that PostgreSQL alone can answer, by number. I14 (figures against cases) needs ClickHouse too: ingest/controls. */
export const INVARIANTS: readonly Invariant[] = [...BOOKS, ...GOODS, ...MONEY, ...RECORD].sort(
  (a, b) => Number(a.id.match(NUMBER)?.[0]) - Number(b.id.match(NUMBER)?.[0]),
)
