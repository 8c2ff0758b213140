import {
  CalendarDate,
  fromDate,
  parseDate,
  startOfMonth,
  startOfWeek,
  startOfYear,
  toCalendarDate,
} from '@internationalized/date'
import type { Filter } from '@/lib/metrics/types'
import { formatFilter, parseFilter } from '@/lib/metrics/url'

/**
 * What a page shows is what its URL says: period, comparison, basis, zone and filters, the same grammar as the API's.
 * Everything that is not said has a default, and defaults are left out of links, so that a link is as short as can be.
 */
export const FILTERED = ['entity', 'channel', 'facility'] as const
export type FilteredDimension = (typeof FILTERED)[number]

export const PERIODS = ['4w', '13w', '26w', '52w', 'mtd', 'qtd', 'ytd'] as const
export type Period = (typeof PERIODS)[number]

/** "Last 13 weeks": that many complete weeks and the running one. */
export const PERIOD_LABELS: Record<Period, string> = {
  '4w': 'Last 4 weeks',
  '13w': 'Last 13 weeks',
  '26w': 'Last 26 weeks',
  '52w': 'Last 52 weeks',
  mtd: 'This month',
  qtd: 'This quarter',
  ytd: 'This year',
}

export const COMPARISONS = ['previous_year', 'previous_period', 'none'] as const
export const COMPARISON_LABELS = {
  previous_year: 'vs prior year',
  previous_period: 'vs prior period',
  none: 'No comparison',
} as const
export type Compare = (typeof COMPARISONS)[number] | { from: string; to: string }

export interface ViewState {
  /** A rolling period, or `custom` with the two dates of the URL. */
  period: Period | 'custom'
  /** `[from, to)`, calendar days in `tz`. */
  from: string
  to: string
  compare: Compare
  basis: 'cohort' | 'activity'
  tz: string
  /** The reader's own zone: `tz` is left out of links when it is this one. */
  homeTz: string
  filters: Filter[]
  /** What the address says and nobody can read: told on the page, which is without it, and left out of its links. */
  unread: Unread[]
}

export interface Unread {
  /** As it stands in the address. */
  text: string
  /** How it should read, or what is shown instead. */
  why: string
}

/** The last day that is in it, as people say it. */
export const lastDay = (days: { to: string }): string => parseDate(days.to).subtract({ days: 1 }).toString()

/** As Next gives them. */
export type SearchParams = Record<string, string | string[] | undefined>

const DAY = /^\d{4}-\d{2}-\d{2}$/
const isDay = (text: string | undefined): text is string => {
  if (!text || !DAY.test(text)) return false
  try {
    return parseDate(text).toString() === text
  } catch {
    return false
  }
}

export const listOf = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
export const firstOf = (value: string | string[] | undefined): string | undefined => listOf(value)[0]

const isOneOf = <T extends string>(list: readonly T[], value: string | undefined): value is T =>
  value !== undefined && (list as readonly string[]).includes(value)

/** An IANA zone that this server knows. */
export const isZone = (tz: string): boolean => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: tz }))
  } catch {
    return false
  }
}

/** The days of a rolling period at an instant, `to` exclusive: the running day is in it. */
export function daysOf(period: Period, tz: string, now: Date): { from: string; to: string } {
  const today = toCalendarDate(fromDate(now, tz))
  const to = today.add({ days: 1 }).toString()
  const weeks = /^(\d+)w$/.exec(period)
  if (weeks) {
    const monday = startOfWeek(today, 'en-GB', 'mon')
    return { from: monday.subtract({ weeks: Number(weeks[1]) }).toString(), to }
  }
  if (period === 'mtd') return { from: startOfMonth(today).toString(), to }
  if (period === 'qtd') {
    return { from: new CalendarDate(today.year, Math.floor((today.month - 1) / 3) * 3 + 1, 1).toString(), to }
  }
  return { from: startOfYear(today).toString(), to }
}

/**
 * Reads a page's search parameters. What cannot be read falls back to its default and is told (`unread`): a mistyped link still
 * shows a page, and nobody takes its figures for those that were asked for. A form without scripts sends
 * `channel=dtc&channel=amazon`, which is read as well.
 */
export function readViewState(params: SearchParams, homeTz: string, now: Date): ViewState {
  const asked = firstOf(params.tz)
  const tz = asked && isZone(asked) ? asked : homeTz
  const from = firstOf(params.from)
  const to = endOf(params)
  const period = firstOf(params.period)
  const rolling = isOneOf(PERIODS, period) ? period : '13w'
  const custom = period === undefined || period === 'custom' ? isDay(from) && isDay(to) && from < to : false
  const days = custom && from && to ? { from, to } : daysOf(rolling, tz, now)
  const compare = readCompare(params)
  const { filters, unread } = readFilters(params)
  return {
    period: custom ? 'custom' : rolling,
    ...days,
    compare,
    basis: firstOf(params.basis) === 'activity' ? 'activity' : 'cohort',
    tz,
    homeTz,
    filters,
    unread: [...unreadWords(params, { custom, tz, rolling, compare }), ...unread],
  }
}

/** What of period, zone, comparison and basis is not what the page shows. */
function unreadWords(
  params: SearchParams,
  { custom, tz, rolling, compare }: { custom: boolean; tz: string; rolling: Period; compare: Compare },
): Unread[] {
  const said = (name: string) => firstOf(params[name]) ?? ''
  const period = said('period')
  const words: (Unread | false)[] = [
    period !== '' &&
      period !== 'custom' &&
      !isOneOf(PERIODS, period) && {
        text: `period=${period}`,
        why: `A period is one of ${PERIODS.join(', ')}, or from and to. You see: ${PERIOD_LABELS[rolling].toLowerCase()}.`,
      },
    (period === '' || period === 'custom') &&
      !custom &&
      said('from') + said('to') + said('until') !== '' && {
        text: `from=${said('from')} to=${said('until') || said('to')}`,
        why: `Two days as YYYY-MM-DD, the first before the last. You see: ${PERIOD_LABELS[rolling].toLowerCase()}.`,
      },
    said('tz') !== '' &&
      said('tz') !== tz && {
        text: `tz=${said('tz')}`,
        why: `A zone has an IANA name such as Europe/Berlin. You see: ${tz}.`,
      },
    !['', 'cohort', 'activity'].includes(said('basis')) && {
      text: `basis=${said('basis')}`,
      why: 'The basis is cohort or activity. You see: cohort.',
    },
    typeof compare === 'string' &&
      (said('compare') || 'custom') !== compare &&
      said('compare') + said('compare_from') + said('compare_to') + said('compare_until') !== '' && {
        text: `compare=${said('compare') || `${said('compare_from')}..${said('compare_until') || said('compare_to')}`}`,
        why: `A comparison is one of ${COMPARISONS.join(', ')}, or two days as 2026-01-01..2026-02-01. You see: ${COMPARISON_LABELS[compare]}.`,
      },
  ]
  return words.filter((word) => word !== false)
}

/** `to` is exclusive, as everywhere; a person types the last day itself, which the form sends as `until`. */
function endOf(params: SearchParams, of: '' | 'compare_' = ''): string | undefined {
  const until = firstOf(params[`${of}until`])
  return isDay(until) ? parseDate(until).add({ days: 1 }).toString() : firstOf(params[`${of}to`])
}

function readCompare(params: SearchParams): Compare {
  const from = firstOf(params.compare_from)
  const to = endOf(params, 'compare_')
  const compare = firstOf(params.compare)
  // As the API writes it.
  const [since, before, more] = compare?.split('..') ?? []
  if (isDay(since) && isDay(before) && more === undefined && since < before) return { from: since, to: before }
  if ((compare === undefined || compare === 'custom') && isDay(from) && isDay(to) && from < to) return { from, to }
  return isOneOf(COMPARISONS, compare) ? compare : 'previous_year'
}

/** `filter=channel:in:dtc|amazon`, as the API reads it; an empty value is "unknown". */
function readFilters(params: SearchParams): Pick<ViewState, 'filters' | 'unread'> {
  const unread: Unread[] = []
  const written = listOf(params.filter).flatMap((text): Filter[] => {
    try {
      const { dimension, op, values } = parseFilter(text)
      // Whoever writes an address by hand means any of them.
      return [{ dimension, op: op === 'eq' && values.length > 1 ? 'in' : op, values }]
    } catch (error) {
      if (!(error instanceof Error)) throw error
      unread.push({ text: `filter=${text}`, why: error.message })
      return []
    }
  })
  const ticked = FILTERED.flatMap((dimension): Filter[] => {
    const values = listOf(params[dimension]).filter(Boolean)
    return values.length > 0 ? [{ dimension, op: 'in', values }] : []
  })
  const ticks = new Set(ticked.map((filter) => filter.dimension))
  return { filters: [...written.filter((filter) => !ticks.has(filter.dimension)), ...ticked], unread }
}

/** The parameters that every page shares, defaults left out; the ground of every link. */
export function writeViewState(state: ViewState): URLSearchParams {
  const params = new URLSearchParams()
  if (state.period === 'custom') {
    params.set('from', state.from)
    params.set('to', state.to)
  } else if (state.period !== '13w') params.set('period', state.period)
  if (typeof state.compare === 'object') {
    params.set('compare_from', state.compare.from)
    params.set('compare_to', state.compare.to)
  } else if (state.compare !== 'previous_year') params.set('compare', state.compare)
  if (state.basis !== 'cohort') params.set('basis', state.basis)
  if (state.tz !== state.homeTz) params.set('tz', state.tz)
  for (const filter of state.filters) params.append('filter', formatFilter(filter))
  return params
}

/** A link to `path` that keeps the view, with changes to it and with the page's own parameters. */
export function href(
  path: string,
  state: ViewState,
  change: Partial<ViewState> = {},
  own: Record<string, string | undefined> = {},
): string {
  const params = writeViewState({ ...state, ...change })
  for (const [name, value] of Object.entries(own)) if (value !== undefined) params.set(name, value)
  // Colons, commas and bars are legal in a query and read better than their codes.
  const query = params.toString().replaceAll('%3A', ':').replaceAll('%7C', '|').replaceAll('%2C', ',')
  return query ? `${path}?${query}` : path
}

/** The state's filters with those of one dimension replaced; no values removes them. */
export function withFilter(state: ViewState, dimension: string, values: string[], op: Filter['op'] = 'in'): Filter[] {
  const others = state.filters.filter((filter) => filter.dimension !== dimension)
  if (values.length === 0) return others
  return [...others, { dimension, op: values.length === 1 && op === 'in' ? 'eq' : op, values }]
}

/** The filter that says which values of a dimension are in. */
export const chosenIn = (state: ViewState, dimension: string): Filter | undefined =>
  state.filters.find((filter) => filter.dimension === dimension && filter.op !== 'not_in')

export const valuesOf = (state: ViewState, dimension: string): string[] => chosenIn(state, dimension)?.values ?? []

/** A filter's values as they stand in words; one without a value is unknown. */
export const valueWords = (filter: Filter): string => filter.values.map((value) => value || 'unknown').join(', ')
