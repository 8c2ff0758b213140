import { magnitude } from '@/lib/format'
import type { MetricDefinition } from '@/lib/metrics/definition-types'
import { METRICS } from '@/lib/metrics/definitions'
import type { Figures, Group } from '@/lib/metrics/groups-types'
import { href, type ViewState } from '../filters/view-state'
import type { PageContext } from '../overview/figure'
import type { Cell, Column, Row, TableData } from '../tables/table-types'
import { type AskedExplore, rankBy, worthFirst, writeOrder } from './asked-explore'
import { cellText, changeOf, keyNote, keyText, type Place, placeOf, rowsOf, unitHead } from './cells'
import type { ExploreData, Ripeness } from './explore-types'
import { within } from './presets'
import { MATURE, projectedEnd, ripens } from './ripen'

export interface TableWords {
  asked: AskedExplore
  data: ExploreData
  context: PageContext
  /** This page with changes to its own parameters. */
  link: (own: Partial<AskedExplore['own']> & { as?: string }, view?: Partial<ViewState>) => string
  prior: string
}

/** Under this many sold a rate is a small number, as on the overview. */
const FEW = 30

/** The groups with their figures; beneath them what is not shown, and the totals of everything. */
export function exploreTable(words: TableWords): TableData {
  const { asked, data, context, link } = words
  const { result, maturity } = data
  const { format } = context
  const now = Date.parse(result.asOf)
  const sorted = (id: string) => (asked.order.column === id ? { sorted: asked.order.direction } : {})
  const columns: Column[] = [
    ...asked.by.map((dimension, index): Column => {
      const turned = asked.order.column === dimension.id && asked.order.direction === 'asc' ? '-' : ''
      return {
        id: dimension.id,
        label: dimension.label,
        align: 'left',
        sortHref: link({ order: `${turned}${dimension.id}` }),
        ...sorted(dimension.id),
        ...(index === 0 ? { sticky: true } : {}),
      }
    }),
    ...asked.fit.flatMap((metric): Column[] => {
      const unit = unitHead(metric.unit, format)
      const first = worthFirst(metric)
      const turned = asked.order.column === metric.id && asked.order.direction === first
      return [
        {
          id: metric.id,
          label: metric.label,
          align: 'right',
          help: metric.sentence,
          about: `/glossary#${metric.id}`,
          sortHref: link({ order: writeOrder(rankBy(metric, turned ? (first === 'asc' ? 'desc' : 'asc') : first)) }),
          ...(unit ? { unit } : {}),
          ...sorted(metric.id),
        },
        ...(result.compared ? [changeColumn(metric, words)] : []),
      ]
    }),
    ...(maturity?.each
      ? [
          {
            id: 'return_maturity',
            label: 'Maturity',
            unit: '%',
            align: 'right',
            help: METRICS.return_maturity?.sentence ?? '',
            about: '/glossary#return_maturity',
          } satisfies Column,
        ]
      : []),
  ]
  return {
    columns,
    rows: result.groups.map((group) => groupRow(group, words, now)),
    foot: [...restRow(words), totalRow(words)],
  }
}

const changeColumn = (metric: MetricDefinition, { prior }: TableWords): Column => {
  const unit = { ratio: 'pp', money: '%', count: '%', ppm: '%', days: 'days' }[metric.unit]
  return {
    id: `${metric.id}_change`,
    label: 'Change',
    unit,
    align: 'right',
    help: `${metric.label}, against ${prior.toLowerCase()}`,
  }
}

function groupRow(group: Group, words: TableWords, now: number): Row {
  const { asked, data, context, link } = words
  const place = placeOf(asked, group.keys, now)
  const ripe = data.maturity?.of(group.keys) ?? null
  const dimensions = asked.by.map((dimension, index): [string, Cell] => {
    const value = group.keys[index] ?? ''
    const text = keyText(dimension, value, context)
    const note = keyNote(dimension, value, data.names)
    const alone = placeOf({ ...asked, by: [dimension] }, [value], now)
    const time = dimension.kind === 'time'
    return [
      dimension.id,
      {
        text,
        sort: time ? value : text,
        title: `Only this, by ${within(dimension.id, time)}`,
        href: link(
          {
            by: within(dimension.id, time) === 'sku' ? undefined : within(dimension.id, time),
            order: undefined,
            limit: undefined,
          },
          { filters: alone.filters, ...(time ? { period: 'custom', from: alone.from, to: alone.to } : {}) },
        ),
        ...(note ? { detail: note } : {}),
      },
    ]
  })
  return {
    id: JSON.stringify(group.keys),
    cells: { ...Object.fromEntries(dimensions), ...figureCells(group, words, place, ripe, group.previousAt) },
  }
}

function figureCells(
  figures: Figures,
  words: TableWords,
  place: Place | null,
  ripe: Ripeness | null,
  previousAt: string | null = null,
): Record<string, Cell> {
  const { asked, data, context, prior } = words
  const { format } = context
  const cells: Record<string, Cell> = {}
  const maturity = magnitude(ripe?.maturity)
  const young = asked.time !== undefined && maturity !== null && maturity < MATURE
  const few = 'sold_units' in figures.values && (magnitude(figures.values.sold_units) ?? 0) < FEW
  for (const metric of asked.fit) {
    const value = figures.values[metric.id] ?? null
    const previous = figures.previous?.[metric.id] ?? null
    const tells = titles(metric, value, maturity, few, words)
    if (value !== null) {
      cells[metric.id] = {
        text: `${cellText(value, metric.unit, format)}${few && metric.id.startsWith('return_rate') ? '*' : ''}`,
        sort: magnitude(value),
        title: tells,
        ...(context.opens && place ? { href: rowsOf(asked, metric, place, context) } : {}),
        ...(young && ripens(metric, asked.spec.basis) ? { mark: 'warn' as const } : {}),
      }
    } else if (place === null) cells[metric.id] = { text: '–', title: 'Has no value for several groups together' }
    const change = data.result.compared ? changeOf(metric, value, previous, format) : null
    if (change) {
      const then = previousAt && asked.time ? keyText(asked.time, previousAt, context) : prior.toLowerCase()
      cells[`${metric.id}_change`] = {
        text: change.text,
        sort: change.size,
        title: `${format.exact(value, metric.unit)} against ${format.exact(previous, metric.unit)}, ${then}`,
        tone: change.verdict === 'better' || change.verdict === 'worse' ? change.verdict : 'muted',
      }
    }
  }
  const known = METRICS.return_maturity
  if (data.maturity?.each && known && maturity !== null) {
    cells.return_maturity = {
      text: format.percentCell(maturity),
      title: format.exact(maturity, 'ratio'),
      sort: maturity,
      tone: 'muted',
      ...(context.opens && place ? { href: rowsOf(asked, known, place, context) } : {}),
    }
  }
  return cells
}

/** Every digit, and what one must know of it. */
function titles(
  metric: MetricDefinition,
  value: Figures['values'][string],
  maturity: number | null,
  few: boolean,
  { asked, context }: TableWords,
): string {
  const { format } = context
  const exact = format.exact(value ?? null, metric.unit)
  if (!ripens(metric, asked.spec.basis) || maturity === null || maturity >= MATURE)
    return few && metric.id.startsWith('return_rate') ? `${exact}. Fewer than ${FEW} sold: a small number` : exact
  const end = projectedEnd(metric, magnitude(value), maturity)
  return `${exact} so far: ${format.percent(maturity)} of the returns are expected to be in${end === null ? '' : `, ${format.percent(end)} projected`}`
}

function restRow(words: TableWords): Row[] {
  const { asked, data, context } = words
  const { result } = data
  const [first] = asked.by
  if (!result.rest || !first) return []
  const { count, gone } = result.rest
  const { format } = context
  const more = count > 0 ? `${format.count(count)} more` : ''
  const past = gone > 0 ? `${format.count(gone)} only before` : ''
  return [
    {
      id: 'rest',
      cells: {
        [first.id]: { text: [more, past].filter(Boolean).join(', ') },
        ...figureCells(result.rest, words, count > 0 ? restPlace(words) : null, null),
      },
    },
  ]
}

/** All but what is shown: a filter can say that of one dimension. */
function restPlace({ asked, data }: TableWords): Place | null {
  const [only, more] = asked.by
  if (!only || more || only.kind === 'time') return null
  const values = data.result.groups.map(({ keys }) => keys[0] ?? '')
  const { from, to, filters } = asked.spec
  return { from, to, filters: [...filters, { dimension: only.id, op: 'not_in', values }], end: undefined }
}

function totalRow(words: TableWords): Row {
  const { asked, data, context } = words
  const { result, maturity } = data
  const { from, to, filters } = asked.spec
  return {
    id: 'total',
    cells: {
      [asked.by[0]?.id ?? '']: {
        text: `All ${context.format.count(result.count)}`,
      },
      ...figureCells(result.totals, words, { from, to, filters, end: undefined }, maturity?.total ?? null),
    },
  }
}

/** The page with a view that has other days or filters. */
export const exploreHref = (
  state: ViewState,
  own: Record<string, string | undefined> = {},
  view: Partial<ViewState> = {},
): string => href('/explore', state, view, own)
