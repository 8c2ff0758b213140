import type { Formatter, Unit } from '@/lib/format'
import { magnitude } from '@/lib/format'
import type { Comparison, Freshness, Panel, Tile, TileContext, TileId } from '@/lib/metrics/overview-types'
import { Spark } from '../charts/spark'
import { Delta } from '../ui/delta'
import type { PanelLinks } from '../ui/panel'
import { PanelMessage } from '../ui/panel'
import { type PageContext, rowsHref } from './figure'
import { FigurePanel } from './figure-panel'

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
                <TileBody label={label} tile={panel.data} freshness={freshness} context={context} />
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

function TileBody({
  label,
  tile,
  freshness,
  context,
}: {
  label: string
  tile: Tile
  freshness: Freshness
  context: PageContext
}) {
  const { format } = context
  const { unit } = context.define(tile.figure.metric)
  const brief = format.brief(tile.figure.value, unit)
  return (
    <>
      <div className="flex items-start justify-between gap-2">
        <h3 className="text-xs font-normal text-muted">{label}</h3>
        <FigurePanel
          id={`figure-${tile.id}`}
          figure={tile.figure}
          comparison={tile.comparison}
          freshness={freshness}
          context={context}
        />
      </div>
      <div className="flex items-end justify-between gap-3">
        <a
          href={rowsHref(tile.figure, context.state)}
          className="tile-link"
          title={`${format.exact(tile.figure.value, unit)}: open the rows`}
        >
          <data value={String(tile.figure.value ?? '')} data-live>
            {brief}
          </data>
        </a>
        <div className="min-w-0 max-w-24 flex-1">
          <Spark points={tile.spark} label={`${label}, ${sparkWords(tile, format, unit)}`} />
        </div>
      </div>
      <p className="mt-0.5 h-4 text-xs">
        {tile.comparison ? <TileDelta comparison={tile.comparison} unit={unit} format={format} /> : null}
        {tile.provisional ? <span className="text-warn">projected, not yet mature</span> : null}
      </p>
      <p className="mt-0.5 text-xs text-muted">{contextWords(tile.context, format)}</p>
    </>
  )
}

function TileDelta({ comparison, unit, format }: { comparison: Comparison; unit: Unit; format: Formatter }) {
  const change = magnitude(comparison.change)
  if (change === null) return <span className="text-muted">no comparison</span>
  // Money and counts change by a share, rates and days by their own unit.
  const share = (unit === 'money' || unit === 'count') && comparison.relative !== null
  const size = share ? format.percent(Math.abs(comparison.relative ?? 0)) : format.step(comparison.change, unit)
  return (
    <Delta
      up={change > 0}
      size={size}
      verdict={comparison.verdict}
      title={`${format.exact(comparison.current.value, unit)} against ${format.exact(comparison.previous.value, unit)}`}
    />
  )
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
      if (context.maturity === null) return 'by date of request'
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
