import type { ReactNode } from 'react'
import { humanize, magnitude } from '@/lib/format'
import type { Clause, Comparison, Figure, Mover, Tile } from '@/lib/metrics/overview-types'
import { type PageContext, rowsHref } from './figure'

/**
 * The sentence on top. Words are fixed, figures are the page's own: a level is what the tile shows, a change is what its
 * comparison says. Each clause leads to its rows.
 */
export function Headline({
  clauses,
  movers,
  tiles,
  context,
}: {
  clauses: Clause[]
  movers: Mover[]
  tiles: Tile[]
  context: PageContext
}) {
  const drivers = clauses.filter((clause) => clause.kind === 'driver')
  const rest = clauses.filter((clause) => clause.kind !== 'driver')
  const shown = (comparison: Comparison): Figure =>
    tiles.find((tile) => tile.figure.metric === comparison.current.metric)?.figure ?? comparison.current
  return (
    <p className="max-w-[76ch] text-base text-muted">
      {rest.map((clause) => (
        <span key={clause.kind}>
          {words(clause, shown, context)}
          {clause.kind === 'rate' ? <Drivers drivers={drivers} movers={movers} context={context} /> : null}
        </span>
      ))}
    </p>
  )
}

/** Who is spoken of, a quiet link: the causes are the loud ones. */
const SUBJECT = 'text-ink underline decoration-line decoration-1 underline-offset-4 hover:decoration-ink'

const Level = ({ children }: { children: ReactNode }) => <b className="num font-medium text-ink">{children}</b>

function words(clause: Exclude<Clause, { kind: 'driver' }>, shown: (c: Comparison) => Figure, context: PageContext) {
  const { format, state, define } = context
  if (clause.kind === 'steady') {
    const { label, unit } = define(clause.figure.metric)
    return (
      <>
        <a className={SUBJECT} href={rowsHref(clause.figure, state)}>
          {label}
        </a>{' '}
        holds at <Level>{format.brief(clause.figure.value, unit)}</Level>.{' '}
      </>
    )
  }
  const { comparison } = clause
  const figure = shown(comparison)
  const { unit } = define(figure.metric)
  const up = (magnitude(comparison.change) ?? 0) > 0
  const step = format.step(comparison.change, unit)
  const verbs = { rate: ['rose', 'fell'], margin: ['improved', 'worsened'], other: ['rose', 'fell'] }
  const verb = verbs[clause.kind === 'rate' || clause.kind === 'margin' ? clause.kind : 'other'][up ? 0 : 1]
  const subject = {
    rate: 'Return rate',
    margin: 'Net margin impact',
    trapped: 'Trapped value',
    backlog: 'Backlog',
    leakage: 'Leakage',
  }[clause.kind]
  return (
    <>
      <a className={SUBJECT} href={rowsHref(figure, state)}>
        {subject}
      </a>{' '}
      {verb} by <Level>{step}</Level> to <Level>{format.brief(figure.value, unit)}</Level>
      {clause.kind === 'backlog' && clause.facility
        ? `, most of it in ${context.name('facility', clause.facility)}`
        : null}
      .{' '}
    </>
  )
}

function Drivers({
  drivers,
  movers,
  context,
}: {
  drivers: Extract<Clause, { kind: 'driver' }>[]
  movers: Mover[]
  context: PageContext
}) {
  const named = drivers.flatMap((driver) => {
    const mover = movers[driver.index]
    return mover ? [{ driver, mover }] : []
  })
  if (named.length === 0) return null
  return (
    <>
      {named.map(({ driver, mover }, i) => (
        <span key={driver.index}>
          {i > 0 ? (i === named.length - 1 ? ' and ' : ', ') : ''}
          <a
            className="link"
            href={rowsHref({ metric: 'return_rate_units', value: mover.rate, spec: mover.spec }, context.state)}
          >
            {humanize(mover.reason)} on {mover.product || mover.sku} ({context.name('channel', mover.channel)})
          </a>{' '}
          {driver.contribution > 0 ? 'adds' : 'takes off'} <Level>{points(driver.contribution, context)}</Level>
        </span>
      ))}
      .{' '}
    </>
  )
}

const points = (contribution: number, { format }: PageContext): string =>
  `${format.signedPoints(Math.abs(contribution)).replace(/^\+/, '')}\u202fpp`
