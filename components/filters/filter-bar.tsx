import { SlidersHorizontal, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Formatter, humanize } from '@/lib/format'
import type { FilterOptions } from '@/lib/metrics/overview-types'
import { formatFilter } from '@/lib/metrics/url'
import { Choices, Menu } from './menu'
import {
  COMPARISON_LABELS,
  COMPARISONS,
  chosenIn,
  FILTERED,
  type FilteredDimension,
  href,
  lastDay,
  PERIOD_LABELS,
  PERIODS,
  type ViewState,
  valuesOf,
  valueWords,
  withFilter,
  writeViewState,
} from './view-state'

const PLURAL: Record<FilteredDimension, string> = { entity: 'entities', channel: 'channels', facility: 'facilities' }

export interface FilterBarProps {
  path: string
  state: ViewState
  options: FilterOptions
  format: Formatter
  /** The page's own parameters, kept by every link of the bar. */
  own: Record<string, string | undefined>
  /** A dimension as people call it. */
  label: (dimension: string) => string
  /** Zones on offer beside the reader's own. */
  zones: string[]
}

/**
 * Period, comparison, basis, entity, channel, facility and zone, all of them in the URL. Links and forms only: it works
 * without scripts. On a phone the same element is one sheet behind a button that counts what is set.
 */
export function FilterBar(props: FilterBarProps) {
  const { path, state, format, own, label } = props
  const to = (change: Partial<ViewState>) => href(path, state, change, own)
  const set = state.filters.length
  // What the menus show are the first values of theirs to be in; everything else stands beside them.
  const inMenus = FILTERED.map((dimension) => chosenIn(state, dimension))
  const others = state.filters.filter((filter) => !inMenus.includes(filter))
  return (
    <>
      <button type="button" popoverTarget="filters" className="control sm:hidden">
        <SlidersHorizontal size={16} strokeWidth={1.5} aria-hidden="true" />
        <span className="max-w-40 truncate">{periodLabel(state, format)}</span>
        {set > 0 ? <span className="num text-muted">· {set}</span> : null}
        <span className="sr-only">, open filters</span>
      </button>
      <section id="filters" popover="auto" className="filters" aria-label="Filters">
        <div className="flex items-center justify-between pb-2 sm:hidden">
          <h2 className="text-md">Filters</h2>
          <button type="button" className="control" popoverTarget="filters" popoverTargetAction="hide">
            Done
          </button>
        </div>
        <PeriodMenu {...props} />
        <ComparisonMenu {...props} />
        <Menu label="Basis" value={state.basis === 'cohort' ? 'Cohort' : 'Activity'}>
          <Choices
            items={[
              {
                href: to({ basis: 'cohort' }),
                label: 'Cohort',
                note: 'By date of sale: of what was sold, how much came back',
                chosen: state.basis === 'cohort',
              },
              {
                href: to({ basis: 'activity' }),
                label: 'Activity',
                note: 'By date of the event: what happened in the period',
                chosen: state.basis === 'activity',
              },
            ]}
          />
        </Menu>
        {FILTERED.map((dimension) => (
          <ValuesMenu key={dimension} {...props} dimension={dimension} />
        ))}
        {others.map((filter) => (
          <a
            key={formatFilter(filter)}
            href={to({ filters: state.filters.filter((f) => f !== filter) })}
            className="control bg-sel"
            aria-label={`Remove the filter ${label(filter.dimension)}: ${filter.op === 'not_in' ? 'not ' : ''}${valueWords(filter)}`}
          >
            <span className="text-muted">{label(filter.dimension)}</span>
            <span className="max-w-48 truncate">
              {filter.op === 'not_in' ? 'not ' : ''}
              {valueWords(filter)}
            </span>
            <X size={14} strokeWidth={1.5} aria-hidden="true" />
          </a>
        ))}
        <ZoneMenu {...props} />
        {set > 0 ? (
          <a href={to({ filters: [] })} className="link px-1 text-sm">
            Clear
          </a>
        ) : null}
      </section>
    </>
  )
}

const periodLabel = (state: ViewState, format: Formatter): string =>
  state.period === 'custom' ? format.range(state.from, state.to) : PERIOD_LABELS[state.period]

/** What a form must carry along so that it changes only what it shows. */
function Kept({ state, own, without }: { state: ViewState; own: FilterBarProps['own']; without: string[] }) {
  const params = writeViewState(state)
  for (const [name, value] of Object.entries(own)) if (value !== undefined) params.set(name, value)
  return [...params]
    .filter(([name, value]) => !without.includes(name) && !without.includes(`${name}:${value.split(':')[0]}`))
    .map(([name, value]) => <input key={`${name}${value}`} type="hidden" name={name} value={value} />)
}

function PeriodMenu({ path, state, own, format }: FilterBarProps) {
  return (
    <Menu label="Period" value={periodLabel(state, format)} title={format.range(state.from, state.to)}>
      <Choices
        items={PERIODS.map((period) => ({
          href: href(path, state, { period }, own),
          label: PERIOD_LABELS[period],
          chosen: state.period === period,
        }))}
      />
      <DaysForm
        path={path}
        kept={<Kept state={state} own={own} without={['period', 'from', 'to']} />}
        names={{ from: 'from', until: 'until' }}
        days={state}
      />
    </Menu>
  )
}

/** Two days that a form asks for, the last one included, as people say it. */
function DaysForm(props: {
  path: string
  kept: ReactNode
  names: { from: string; until: string }
  days: { from: string; to: string }
}) {
  return (
    <form action={props.path} className="flex flex-wrap items-end gap-2 border-t border-line p-3">
      {props.kept}
      <label className="text-xs text-muted">
        <span className="block pb-0.5">From</span>
        <input type="date" name={props.names.from} required defaultValue={props.days.from} className="field" />
      </label>
      <label className="text-xs text-muted">
        <span className="block pb-0.5">To</span>
        <input type="date" name={props.names.until} required defaultValue={lastDay(props.days)} className="field" />
      </label>
      <button type="submit" className="control primary">
        Show
      </button>
    </form>
  )
}

const COMPARISON_NOTES = {
  previous_year: 'The same weekdays, 52 weeks back',
  previous_period: 'As many days just before',
  none: 'Figures alone',
} as const

function ComparisonMenu({ path, state, own, format }: FilterBarProps) {
  const { compare } = state
  const custom = typeof compare === 'object'
  return (
    <Menu
      label="Comparison"
      value={custom ? `vs ${format.range(compare.from, compare.to)}` : COMPARISON_LABELS[compare]}
    >
      <Choices
        items={COMPARISONS.map((choice) => ({
          href: href(path, state, { compare: choice }, own),
          label: COMPARISON_LABELS[choice],
          note: COMPARISON_NOTES[choice],
          chosen: compare === choice,
        }))}
      />
      <DaysForm
        path={path}
        kept={<Kept state={state} own={own} without={['compare', 'compare_from', 'compare_to']} />}
        names={{ from: 'compare_from', until: 'compare_until' }}
        days={custom ? compare : state}
      />
    </Menu>
  )
}

function ValuesMenu({ path, state, own, options, dimension }: FilterBarProps & { dimension: FilteredDimension }) {
  const chosen = valuesOf(state, dimension)
  const known = options[dimension]
  const label = (value: string) => known.find((option) => option.value === value)?.label ?? (value || 'Unknown')
  const value =
    chosen.length === 0
      ? `All ${PLURAL[dimension]}`
      : chosen.length === 1
        ? label(chosen[0] ?? '')
        : `${chosen.length} ${PLURAL[dimension]}`
  const clear = chosen.length > 0 ? href(path, state, { filters: withFilter(state, dimension, []) }, own) : undefined
  return (
    <Menu label={humanize(dimension)} value={value} title={chosen.map(label).join(', ') || undefined} clear={clear}>
      <form action={path} data-auto className="flex max-h-80 flex-col">
        <Kept state={state} own={own} without={[`filter:${dimension}`]} />
        <fieldset className="min-h-0 overflow-y-auto p-1">
          <legend className="sr-only">{humanize(dimension)}</legend>
          {known.length === 0 ? <p className="px-2 py-1 text-sm text-muted">None in your scope yet</p> : null}
          {known.map((option) => (
            <label
              key={option.value}
              className="flex cursor-pointer items-center gap-2 rounded px-2 py-1 text-sm hover:bg-panel"
            >
              <input
                type="checkbox"
                name={dimension}
                value={option.value}
                defaultChecked={chosen.includes(option.value)}
                className="size-3.5 accent-accent"
              />
              {option.label}
            </label>
          ))}
        </fieldset>
        <div className="border-t border-line p-2">
          <button type="submit" className="control primary w-full justify-center">
            Show
          </button>
        </div>
      </form>
    </Menu>
  )
}

function ZoneMenu({ path, state, own, zones }: FilterBarProps) {
  const offered = [...new Set([state.homeTz, ...zones, 'UTC', state.tz])]
  return (
    <Menu label="Zone" value={state.tz.replaceAll('_', ' ')} title="All days and times on this page are in this zone">
      <Choices
        items={offered.map((tz) => ({
          href: href(path, state, { tz }, own),
          label: tz.replaceAll('_', ' '),
          ...(tz === state.homeTz ? { note: 'Yours' } : {}),
          chosen: tz === state.tz,
        }))}
      />
    </Menu>
  )
}
