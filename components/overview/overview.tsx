import { Printer } from 'lucide-react'
import type { Tile } from '@/lib/metrics/overview-types'
import { PanelMessage } from '../ui/panel'
import { BacklogPart } from './backlog-part'
import { Headline } from './headline'
import { MoversPart } from './movers'
import type { OverviewProps } from './parts'
import { RisksPart } from './risks'
import { Tiles } from './tiles'
import { TrappedPart } from './trapped-part'
import { TrendPart } from './trend-part'
import { WaterfallPart } from './waterfall-part'

/** The overview: the sentence, eight numbers, then why: over time, by mover, in money, by age. */
export function Overview(props: OverviewProps) {
  const { data, context, links } = props
  const { format } = context
  const tiles = Object.values(data.tiles).flatMap((panel): Tile[] => (panel.state === 'ok' ? [panel.data] : []))
  // Nothing at all, for whatever reason: said once, not twelve times.
  const first = data.tiles.rate
  const nothing = first.state === 'first_use' || first.state === 'forbidden' ? first : null
  if (nothing && Object.values(data.tiles).every((panel) => panel.state === nothing.state)) {
    return (
      <>
        <h1 className="mb-3 text-lg">Overview</h1>
        <PanelMessage panel={nothing} links={links} height={160} />
      </>
    )
  }
  return (
    <>
      <div className="mb-4">
        <div className="mb-1 flex items-center justify-between">
          <h1 className="text-lg">Overview</h1>
          {props.printHref ? (
            <a href={props.printHref} className="control noprint border-transparent px-1.5 text-muted max-sm:hidden">
              <Printer size={16} strokeWidth={1.5} aria-hidden="true" /> Board pack
            </a>
          ) : null}
        </div>
        {data.headline.state === 'ok' ? (
          <Headline
            clauses={data.headline.data}
            movers={data.movers.state === 'ok' ? data.movers.data.rows : []}
            tiles={tiles}
            context={context}
          />
        ) : null}
      </div>
      <Tiles tiles={data.tiles} freshness={data.freshness} context={context} links={links} />
      <p className="mt-1.5 mb-6 text-xs text-muted">
        {format.range(data.spec.from, data.spec.to)}
        {data.compared
          ? `. Changes against ${format.range(data.compared.from, data.compared.to)}, over complete and mature days only.`
          : '. No comparison chosen.'}
      </p>
      <div className="sections">
        <RisksPart answer={props.risks} context={context} links={links} />
        <TrendPart {...props} />
        <MoversPart {...props} />
        <div className="grid min-w-0 gap-x-10 gap-y-6 xl:grid-cols-2 print:grid-cols-2">
          <WaterfallPart {...props} />
          <div className="grid min-w-0 content-start gap-y-6">
            <TrappedPart {...props} />
            <BacklogPart {...props} />
          </div>
        </div>
      </div>
    </>
  )
}
