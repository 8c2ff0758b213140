import type { Scan, Sum } from '../plan'
import { ROW_COLUMNS } from '../row-columns'
import { youngSales } from './aged'
import type { Context } from './context'
import { duringSales, EXACT, valueIn } from './sales'
import { contribution } from './scan'
import { unitSource } from './source'
import { spanOf } from './windows'
import { all, DAY_MS, NEVER } from './words'

/** Where the rows behind one sum come from, and what each gives to it. */
export interface RowSource {
  from: string
  where: string
  contribution: string
  /** `LIMIT 1 BY …` where the sum counts different values. */
  limit: string
}

export function rowSource(scan: Scan, sum: Sum, context: Context): RowSource {
  if (scan.fact === 'sales' || scan.fact === 'aged_sales' || scan.fact === 'open_sales')
    return ofSales(scan, sum, context)
  const source = unitSource(scan, context)
  const distinct = sum.part.measure === 'distinct'
  const where = all(source.where, source.only(sum))
  const given = distinct ? 'toInt64(1)' : contribution(scan, sum, source.instant(sum), context)
  const shown = ROW_COLUMNS[scan.fact].map(({ sql }) => sql)
  return {
    from: source.from([where, given, sum.part.value, ...shown].join(' ')),
    where,
    contribution: given,
    limit: distinct ? `\nLIMIT 1 BY ${sum.part.value}` : '',
  }
}

/** Order lines one by one: a rollup has no rows. */
function ofSales({ fact }: Scan, sum: Sum, context: Context): RowSource {
  const { params, estimates, question } = context
  const { instant } = sum.frame
  const during = duringSales(EXACT, fact === 'open_sales' ? youngSales(instant) : spanOf(sum, question.tz), params)
  const where = all(...context.filters(fact, NEVER).plain, during)
  if (fact === 'sales') return { from: EXACT.from, where, contribution: valueIn(EXACT, sum.part.value), limit: '' }
  const age = `intDiv(toUnixTimestamp64Milli(${params.instant(instant)}) - toUnixTimestamp64Milli(sold_at), ${DAY_MS})`
  const aged = `SELECT *, toString(category) AS k1, toString(channel) AS k2, ${age} AS age FROM ${EXACT.from} WHERE ${where}`
  const expected =
    fact === 'open_sales'
      ? `, ${estimates.returnShare(instant)} AS return_share, ${estimates.recoveryShare(instant)} AS recovery_share`
      : ''
  return {
    from: `(SELECT *, ${estimates.visible(instant)} AS visible${expected} FROM (${aged}))`,
    where: '1',
    contribution: `toFloat64(${sum.part.value})`,
    limit: '',
  }
}
