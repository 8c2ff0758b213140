import { type Formatter, magnitude, type Unit } from '@/lib/format'
import type { Comparison, Freshness, Panel, Tile, TileContext, TileId } from '@/lib/metrics/overview-types'
import { asRead } from '../ui/delta'
import { type PanelLinks, PanelMessage } from '../ui/panel'
import { type PageContext, rowsHref } from './figure'
import { openedFigure } from './opened-figure'
import { TileFace, type TileWords } from './tile-face'

/** In the order of the page: rate and money first, then where it lies and how long it takes, then who owes. */
export const TILES: { id: TileId; label: string }[] = [
  { id: 'rate', label: 'Return rate' },
  { id: 'margin', label: 'Net margin impact' },
  { id: 'trapped', label: 'Trapped value' },
  { id: 'refund_days', label: 'Request to refund' },
  { id: 'recovery', label: 'Supplier recovery' },
  { id: 'sellable', label: 'Restocked sellable' },
  { id: 'leakage', label: 'Refund leakage' },
  { id: 'backlog', label: 'Backlog' },
]

export function Tiles({
  tiles,
  freshness,
  context,
  links,
}: {
  tiles: Record<TileId, Panel<Tile>>
  freshness: Freshness
  context: PageContext
  links: PanelLinks
}) {
  return (
    <section aria-labelledby="tiles">
      <h2 id="tiles" className="sr-only">
        Key figures
      </h2>
      <div className="grid grid-cols-2 gap-px border-y border-line bg-line lg:grid-cols-4 print:grid-cols-4">
        {TILES.map(({ id, label }) => {
          const panel = tiles[id]
          return (
            <div key={id} className="tile" data-tile={id}>
              {panel.state === 'ok' ? (
                <TileFace tile={tileWords(label, panel.data, freshness, context)} />
              ) : (
                <>
                  <h3 className="text-xs font-normal text-muted">{label}</h3>
                  <PanelMessage panel={panel} links={links} small />
                </>
              )}
            </div>
          )
        })}
      </div>
    </section>
  )
}

function tileWords(label: string, tile: Tile, freshness: Freshness, context: PageContext): TileWords {
  const { format, define, state } = context
  const { figure, comparison } = tile
  const { unit } = define(figure.metric)
  return {
    label,
    brief: format.brief(figure.value, unit),
    exact: format.exact(figure.value, unit),
    value: String(figure.value ?? ''),
    href: rowsHref(figure, state),
    delta: comparison ? deltaWords(comparison, unit, format) : null,
    provisional: tile.provisional,
    context: contextWords(tile.context, format),
    spark: tile.spark,
    sparkLabel: `${label}, ${sparkWords(tile, format, unit)}`,
    opened: openedFigure(`figure-${tile.id}`, figure, comparison, freshness, context),
  }
}

function deltaWords(comparison: Comparison, unit: Unit, format: Formatter): TileWords['delta'] {
  const change = magnitude(comparison.change)
  if (change === null) return null
  // Money and counts change by a share, rates and days by their own unit.
  const share = (unit === 'money' || unit === 'count') && comparison.relative !== null
  const none = share ? format.percent(0) : format.step(0, unit)
  const size = share ? format.percent(Math.abs(comparison.relative ?? 0)) : format.step(comparison.change, unit)
  return {
    up: change > 0,
    size,
    verdict: asRead(comparison.verdict, size, none),
    title: `${format.exact(comparison.current.value, unit)} against ${format.exact(comparison.previous.value, unit)}`,
  }
}

function sparkWords(tile: Tile, format: Formatter, unit: Unit): string {
  const known = tile.spark.filter((point) => point.complete && point.value !== null)
  const [first, last] = [known[0], known.at(-1)]
  if (!first || !last) return 'no complete values yet'
  return `from ${format.brief(first.value, unit)} on ${format.day(first.at)} to ${format.brief(last.value, unit)} on ${format.day(last.at)}`
}

function contextWords(context: TileContext, format: Formatter): string {
  switch (context.kind) {
    case 'maturity':
      if (context.maturity === null) return 'received over sold'
      return [
        context.matureTo ? `sold before ${format.day(context.matureTo)}` : `${format.percent(context.maturity)} mature`,
        context.projected === null ? '' : `${format.percent(context.projected)} projected for all`,
      ]
        .filter(Boolean)
        .join(' · ')
    case 'share_of_sales':
      return context.share === null ? 'no sales in the period' : `${format.percent(context.share)} of net sales`
    case 'older':
      return context.share === null ? '' : `${format.percent(context.share)} for 15 days or more`
    case 'waiting':
      return [
        context.p90 === null ? '' : `p90 ${format.days(context.p90)}`,
        context.openUnits === null
          ? ''
          : `${format.count(context.openUnits)} wait, ${format.days(context.openAge)} so far`,
      ]
        .filter(Boolean)
        .join(' · ')
    case 'claims':
      return `of ${format.compactMoney(context.claimable)} claimable · ${format.compactMoney(context.missed)} missed`
    case 'finalized':
      return `of ${format.count(context.units)} finalized`
    case 'cases':
      return [
        `${format.count(context.cases)} cases`,
        context.share === null ? '' : `${format.percent(context.share)} of refunds`,
      ]
        .filter(Boolean)
        .join(' · ')
    case 'work':
      return `${context.days === null ? '' : `${format.decimal(context.days)} days of work · `}${format.compactMoney(context.value)}`
  }
}
