import type { NextRequest } from 'next/server'
import { askedExplore } from '@/components/explore/asked-explore'
import { basisOf } from '@/components/explore/ripen'
import { authorize } from '@/lib/auth/actor'
import { type CsvValue, spoolCsv } from '@/lib/csv'
import { env } from '@/lib/env'
import { UserError } from '@/lib/errors'
import type { Figures } from '@/lib/metrics/groups-types'
import type { Unit } from '@/lib/metrics/types'
import { formatFilter, formatQuery } from '@/lib/metrics/url'
import { csvAnswer } from '../../csv-answer'
import { specOf } from '../../spec'
import { refuseUnread } from '../../unread'
import { exploreData } from '../explore-data'

const UNITS: Record<Unit, string> = { count: '', money: '', ratio: ' (share)', days: ' (days)', ppm: ' (ppm)' }

/**
 * The table of the page, whole: every group, not only the first, in the same order, with the same comparison and maturity. The head says
 * what it is and what each column must come to; ratios are those of the sums, not sums of ratios.
 */
export const GET = (request: NextRequest): Promise<Response> =>
  csvAnswer(request, async ({ actor, params, state }) => {
    authorize(actor, 'rows:export')
    const asked = askedExplore(params, state, specOf(state))
    refuseUnread([...state.unread, ...asked.unread])
    const [unfit] = asked.unfit
    if (asked.fit.length === 0 && unfit) throw new UserError('dimension_unfit', `${unfit.why}.`, 400, 'by')
    const { result, maturity, names } = await exploreData(actor, asked, Number.MAX_SAFE_INTEGER, new Date())
    const { compared } = result
    const named = asked.by.filter(({ id }) => names.get(id)?.size)

    const columns = [
      ...asked.by.flatMap(({ id, label }) =>
        named.some((each) => each.id === id) ? [label, `${label} name`] : [label],
      ),
      ...asked.fit.flatMap(({ label, unit }) => [
        `${label}${UNITS[unit]}`,
        ...(compared ? [`${label}${UNITS[unit]} compared`] : []),
      ]),
      ...(maturity?.each ? ['Maturity (share)'] : []),
    ]
    const figures = ({ values, previous }: Figures): CsvValue[] =>
      asked.fit.flatMap(({ id }) => [values[id] ?? null, ...(compared ? [previous?.[id] ?? null] : [])])
    const lines = result.groups.map((group): CsvValue[] => [
      ...asked.by.flatMap(({ id }, index) => {
        const value = group.keys[index] ?? ''
        return named.some((each) => each.id === id) ? [value, names.get(id)?.get(value) ?? ''] : [value]
      }),
      ...figures(group),
      ...(maturity?.each ? [maturity.of(group.keys)?.maturity ?? null] : []),
    ])
    const spool = await spoolCsv(
      columns,
      (async function* () {
        yield lines
      })(),
    )
    const { spec } = asked
    const head: [string, CsvValue][] = [
      ['Figures', asked.fit.map(({ label }) => label).join('; ')],
      ...asked.unfit.map(({ why }): [string, CsvValue] => ['Left out', why]),
      ['By', asked.by.map(({ label }) => label).join('; ')],
      ['Basis', asked.fit.map((metric) => `${metric.label}: ${basisOf(metric, spec.basis) ?? 'as of'}`).join('; ')],
      ['From', spec.from],
      ['To, exclusive', spec.to],
      ...(compared
        ? [['Compared with (to exclusive)', `${compared.from}..${compared.to}`] satisfies [string, string]]
        : []),
      ['Zone', spec.tz],
      ['Filters', spec.filters.map(formatFilter).join('; ') || 'none'],
      ['As of', result.asOf],
      ['Currency', env().BACKHAUL_CURRENCY],
      ['Question', `/api/v1/query?${formatQuery({ ...spec, asOf: result.asOf })}`],
      ['Groups', spool.count],
      ...asked.fit.flatMap(({ id, label }): [string, CsvValue][] => [
        [`Total: ${label}`, result.totals.values[id] ?? null],
        ...(compared
          ? [[`Total: ${label} compared`, result.totals.previous?.[id] ?? null] satisfies [string, CsvValue]]
          : []),
      ]),
      // What only the earlier dates have is no line here, but it is in their total.
      ...(result.rest ? [['Only compared: groups', result.rest.gone] satisfies [string, CsvValue]] : []),
      ...asked.fit.flatMap(({ id, label }): [string, CsvValue][] =>
        result.rest ? [[`Only compared: ${label}`, result.rest.previous?.[id] ?? null]] : [],
      ),
    ]
    return { name: `by_${spec.by.join('_')}_${spec.from}_${spec.to}`, body: spool.stream(head) }
  })
