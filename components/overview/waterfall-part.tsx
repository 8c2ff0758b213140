import { magnitude } from '@/lib/format'
import type { Waterfall } from '@/lib/metrics/overview-types'
import { BarsChart } from '../charts/bars'
import { ChartFrame } from '../charts/frame'
import { waterfallView } from '../charts/waterfall-view'
import { PanelMessage, Section } from '../ui/panel'
import { Swatch } from '../ui/swatch'
import { type PageContext, rowsHref } from './figure'
import { type OverviewProps, priorName, toggles } from './parts'

/** What returns cost and what came back of it, from zero to the net. */
export function WaterfallPart(props: OverviewProps) {
  const { data, context, links, asTable } = props
  const { format, state, define } = context
  if (data.waterfall.state !== 'ok') {
    return (
      <Section id="waterfall" title="Net margin impact">
        <PanelMessage panel={data.waterfall} links={links} height={360} />
      </Section>
    )
  }
  const waterfall = data.waterfall.data
  const view = waterfallView(waterfall, format, {
    label: (metric) => stepLabel(metric, define),
    href: (step) => rowsHref(step, state),
    previous: priorName(props),
  })
  return (
    <ChartFrame
      id="waterfall"
      title="Net margin impact"
      sentence={waterfallSentence(waterfall, context)}
      legend={
        <>
          <span className="whitespace-nowrap">
            <Swatch color="var(--worse)" /> Costs
          </span>
          <span className="whitespace-nowrap">
            <Swatch color="var(--better)" /> Recovers
          </span>
          {waterfall.steps.some((step) => step.previous !== null) ? (
            <span className="whitespace-nowrap">
              <Swatch color="var(--prior)" line="solid" /> {priorName(props)}
            </span>
          ) : null}
        </>
      }
      table={{
        head: ['Component', `This period ${format.currency}`, `${priorName(props)} ${format.currency}`],
        rows: waterfall.steps.map((step) => ({
          id: step.metric,
          cells: [
            stepLabel(step.metric, define),
            format.exactAmountCell(step.value),
            format.exactAmountCell(step.previous),
          ],
        })),
      }}
      asTable={asTable.includes('waterfall')}
      toggle={toggles(props, 'waterfall')}
    >
      <BarsChart view={view} label={waterfallSentence(waterfall, context)} wide />
    </ChartFrame>
  )
}

const stepLabel = (metric: string, define: PageContext['define']): string =>
  metric === 'realized' ? 'Realized' : define(metric).label.replace(/^Margin:? /, '')

function waterfallSentence(waterfall: Waterfall, { format, define }: PageContext): string {
  const components = waterfall.steps.filter((step) => step.kind === 'component')
  const bySize = components.toSorted((a, b) => (magnitude(a.value) ?? 0) - (magnitude(b.value) ?? 0))
  const [cost, gain] = [bySize[0], bySize.at(-1)]
  if (!cost || !gain) return `Net margin impact ${format.compactMoney(waterfall.total.value)}.`
  const net = magnitude(waterfall.total.value) ?? 0
  const what =
    net < 0 ? `Returns cost ${format.compactMoney(-net)} net` : `Returns bring ${format.compactMoney(net)} net`
  return `${what}: ${stepLabel(cost.metric, define).toLowerCase()} take most (${format.compactMoney(cost.value)}), ${stepLabel(gain.metric, define).toLowerCase()} gives most back (${format.compactMoney(gain.value)}).`
}
