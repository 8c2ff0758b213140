import { BarsChart } from '../charts/bars'
import { ChartFrame } from '../charts/frame'
import { TrendChart } from '../charts/trend'
import type { ViewState } from '../filters/view-state'
import { BASIS_WORDS } from '../overview/figure'
import { DataTable } from '../tables/data-table'
import type { Density } from '../tables/table-types'
import { type PanelLinks, PanelMessage, Section } from '../ui/panel'
import { Swatch } from '../ui/swatch'
import { type AskedExplore, spoken, subjectOf } from './asked-explore'
import { callingSuppliers, cellText, keyText, unitHead } from './cells'
import { drawingOf, drawnMetric, MOST_BARS } from './chart-view'
import { ExploreControls } from './controls'
import type { ExploreAnswer } from './explore-types'
import { MATURE } from './ripen'
import { FigureStrip } from './strip'
import { exploreTable, type TableWords } from './table-view'

export interface ExploreProps {
  asked: AskedExplore
  answer: ExploreAnswer
  context: TableWords['context']
  density: Density
  links: PanelLinks
  link: TableWords['link']
  csv: string
  asTable: boolean
}

/** Any figures by any one or two dimensions: a picture, a table that adds up, and every number opens. */
export function Explore(props: ExploreProps) {
  const { asked, answer, context, links, link } = props
  const { state } = context
  const subject = subjectOf(asked)
  const { data } = answer
  if (data.state === 'forbidden') {
    return (
      <>
        <h1 className="mb-3 text-lg">Explore</h1>
        <PanelMessage panel={data} links={links} height={320} />
      </>
    )
  }
  return (
    <>
      <h1 className="text-lg">Explore</h1>
      <p className="mb-3 max-w-[76ch] text-sm text-muted">
        {asked.metrics.map(({ label }) => label).join(' · ')} by {subject}. {whenWords(asked, context)}
      </p>
      <ExploreControls asked={asked} state={state} link={link} />
      {asked.fit.length === 0 ? (
        <NothingFits asked={asked} link={link} />
      ) : data.state === 'ok' ? (
        <Answer
          {...props}
          words={{
            asked,
            data: data.data,
            context: callingSuppliers(context, data.data.names),
            link,
            prior: priorOf(state),
          }}
        />
      ) : (
        <PanelMessage panel={data} links={links} height={320} />
      )}
    </>
  )
}

const priorOf = ({ compare }: ViewState): string =>
  compare === 'previous_year' ? 'Prior year' : compare === 'previous_period' ? 'Prior period' : 'Comparison'

function whenWords({ spec, metrics }: AskedExplore, { format }: TableWords['context']): string {
  const basis = BASIS_WORDS[spec.basis ?? 'cohort']
  const standing = metrics.some(({ asOf }) => asOf) ? ' What lies somewhere is as of now.' : ''
  return `${basis}, ${format.range(spec.from, spec.to)}, ${spec.tz}.${standing}`
}

/** Not an error of the question: these figures have no such dimension, others do. */
function NothingFits({ asked, link }: { asked: AskedExplore; link: TableWords['link'] }) {
  return (
    <div role="alert" className="flex min-h-40 flex-col gap-1 border-y border-line px-4 py-6">
      <p className="font-medium">None of these figures can be cut so</p>
      <ul className="text-xs text-muted">
        {asked.unfit.map(({ metric, why }) => (
          <li key={metric.id}>{why}.</li>
        ))}
      </ul>
      <p className="text-xs">
        <a className="link" href={link({ metrics: 'requested_units,net_margin_impact', order: undefined })}>
          Show what was asked back, and what it cost
        </a>{' '}
        or{' '}
        <a className="link" href={link({ by: undefined, order: undefined })}>
          cut by item
        </a>
        .
      </p>
    </div>
  )
}

function Answer(props: ExploreProps & { words: TableWords }) {
  const { words, answer, density } = props
  const { asked, data, context } = words
  const { format } = context
  const { result } = data
  const unshown = result.rest?.count ?? 0
  const subject = subjectOf(asked)
  return (
    <>
      <FigureStrip words={words} freshness={answer.freshness ?? { watermark: null }} />
      <div className="sections">
        <Picture {...props} />
        <Section
          id="groups"
          title={`By ${subject}`}
          lead={
            <p className="mb-2 max-w-[104ch] text-xs text-muted">
              {unshown > 0
                ? `${format.count(result.groups.length)} of ${format.count(result.count)} shown, ${orderWords(asked)}; the rest is summed up below${context.exports ? ' and is in the CSV' : ''}.`
                : `All ${format.count(result.count)} shown, ${orderWords(asked)}.`}{' '}
              {maturityWords(words)}
              {asked.fit.some(({ id }) => id === 'sold_units') ? ' * fewer than 30 sold.' : ''}
            </p>
          }
        >
          <DataTable
            key={`${asked.spec.by.join()}${asked.spec.metrics.join()}`}
            label={`Figures by ${subject}`}
            data={exploreTable(words)}
            density={density}
            sortable={false}
            {...(context.exports ? { csv: props.csv } : {})}
          />
        </Section>
      </div>
    </>
  )
}

function orderWords({ order, fit, by }: AskedExplore): string {
  const metric = fit.find(({ id }) => id === order.column)
  if (!metric) {
    const dimension = by.find(({ id }) => id === order.column)
    return `in order of ${spoken(dimension?.label ?? order.column)}${order.direction === 'desc' ? ', last first' : ''}`
  }
  const which = order.direction === 'desc' ? 'highest' : 'lowest'
  return order.by === 'low'
    ? `${which} ${spoken(metric.label)} first, by what is certain of it (so that one of one does not lead)`
    : `${which} ${spoken(metric.label)} first`
}

/** The young part is said where figures still grow: once, and in each row that is young. */
function maturityWords({ data, asked, context }: TableWords): string {
  const { maturity } = data
  if (!maturity) return ''
  const value = Number(maturity.total?.maturity ?? 1)
  if (value >= MATURE) return 'All of these sales are mature.'
  const mark = asked.time && maturity.each ? ' A dot marks what is not mature.' : ''
  return `Not all is in yet: ${context.format.percent(value)} of the returns of these sales are expected to be here by now.${mark}`
}

function Picture({ words, asTable, link }: ExploreProps & { words: TableWords }) {
  const { asked, data, context } = words
  const { format } = context
  const metric = drawnMetric(asked)
  if (!metric) return null
  const drawing = drawingOf(words)
  const subject = subjectOf(asked)
  const title = `${metric.label} by ${subject}`
  if (drawing.kind === 'none') {
    return (
      <Section id="picture" title={title}>
        <p className="text-xs text-muted">{drawing.why}</p>
      </Section>
    )
  }
  const { groups, compared } = data.result
  const drawn = drawing.kind === 'bars' ? groups.slice(0, MOST_BARS) : groups
  const sentence =
    drawing.kind === 'line'
      ? `${drawing.view.sentence}${drawing.view.cut ? ' The axis does not begin at zero.' : ''}`
      : drawn.length < data.result.count
        ? `The first ${drawn.length} of ${format.count(data.result.count)}, in the order of the table.`
        : `All ${drawn.length}, in the order of the table.`
  const expected = drawing.kind === 'bars' && drawing.view.rows.some(({ spans }) => spans.length > 1)
  const unit = unitHead(metric.unit, format)
  const head = `${metric.label}${unit ? ` ${unit}` : ''}`
  return (
    <ChartFrame
      id="picture"
      title={title}
      sentence={sentence}
      legend={
        <>
          <span className="whitespace-nowrap">
            <Swatch color="var(--s1)" {...(drawing.kind === 'line' ? { line: 'solid' as const } : {})} /> This period
          </span>
          {drawing.kind === 'line' && drawing.view.points.some(({ value, tail }) => value === null && tail !== null) ? (
            <span className="whitespace-nowrap">
              <Swatch color="var(--s1)" line="dashed" /> {drawing.view.names.tail}
            </span>
          ) : null}
          {expected ? (
            <span className="whitespace-nowrap">
              <Swatch color="color-mix(in srgb, var(--s1) 25%, var(--bg))" /> Still expected
            </span>
          ) : null}
          {compared ? (
            <span className="whitespace-nowrap">
              <Swatch color="var(--prior)" line="solid" />{' '}
              {drawing.kind === 'line' && data.ended ? `${words.prior}, as it ended` : words.prior}
            </span>
          ) : null}
        </>
      }
      table={{
        head: [asked.by.map(({ label }) => label).join(' · '), head, ...(compared ? [words.prior] : [])],
        rows: drawn.map((group) => ({
          id: JSON.stringify(group.keys),
          cells: [
            asked.by.map((dimension, index) => keyText(dimension, group.keys[index] ?? '', context)).join(' · '),
            cellText(group.values[metric.id], metric.unit, format),
            ...(compared ? [cellText(group.previous?.[metric.id], metric.unit, format)] : []),
          ],
        })),
      }}
      asTable={asTable}
      toggle={{ table: link({ as: 'picture' }), chart: link({}) }}
    >
      {drawing.kind === 'line' ? (
        <TrendChart view={drawing.view} />
      ) : (
        <BarsChart view={drawing.view} label={title} long />
      )}
    </ChartFrame>
  )
}
