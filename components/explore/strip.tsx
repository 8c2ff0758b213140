import { X } from 'lucide-react'
import type { MetricDefinition } from '@/lib/metrics/definition-types'
import type { Freshness } from '@/lib/metrics/overview-types'
import { FigureDialog } from '../overview/figure-dialog'
import { openedFigure } from '../overview/opened-figure'
import { Delta } from '../ui/delta'
import { changeOf, figureAt, rowsOf } from './cells'
import type { TableWords } from './table-view'

/** As many as there are: a place without a figure is no place. */
const COLUMNS = ['lg:grid-cols-1', 'lg:grid-cols-2', 'lg:grid-cols-3', 'lg:grid-cols-4']

/** The chosen figures over everything that the page asks for: each opens, and each can be taken off. */
export function FigureStrip({ words, freshness }: { words: TableWords; freshness: Pick<Freshness, 'watermark'> }) {
  const { asked, link } = words
  return (
    <section aria-label="Figures" className="mb-5">
      <ul className={`grid grid-cols-2 gap-px border-y border-line bg-line ${COLUMNS[asked.metrics.length - 1]}`}>
        {asked.metrics.map((metric) => (
          <li key={metric.id} className="tile max-lg:last:odd:col-span-2">
            <div className="flex items-start justify-between gap-2">
              <h2 className="text-xs font-normal text-muted">{metric.label}</h2>
              <span className="flex gap-2">
                {asked.fit.includes(metric) ? <About metric={metric} words={words} freshness={freshness} /> : null}
                {asked.metrics.length > 1 ? (
                  <a
                    href={link({
                      metrics: asked.metrics
                        .filter((other) => other !== metric)
                        .map(({ id }) => id)
                        .join(),
                      order: undefined,
                    })}
                    className="noprint relative z-10 -my-1 -mr-1 grid size-6 place-items-center rounded text-faint hover:text-ink"
                    aria-label={`Take ${metric.label} off`}
                  >
                    <X size={14} strokeWidth={1.5} aria-hidden="true" />
                  </a>
                ) : null}
              </span>
            </div>
            <Total metric={metric} words={words} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Total({ metric, words }: { metric: MetricDefinition; words: TableWords }) {
  const { asked, data, context } = words
  const unfit = asked.unfit.find((each) => each.metric === metric)
  if (unfit) return <p className="mt-1 text-xs text-muted">{unfit.why}: left out below.</p>
  const { format } = context
  const { totals, compared } = data.result
  const value = totals.values[metric.id] ?? null
  const change = compared ? changeOf(metric, value, totals.previous?.[metric.id] ?? null, format) : null
  const { from, to, filters } = asked.spec
  const figure = (
    <data value={String(value ?? '')} data-live>
      {format.brief(value, metric.unit)}
    </data>
  )
  const exact = format.exact(value, metric.unit)
  return (
    <>
      {context.opens ? (
        <a
          href={rowsOf(asked, metric, { from, to, filters, end: undefined }, context)}
          className="tile-link"
          title={`${exact}: open the rows`}
        >
          {figure}
        </a>
      ) : (
        <span className="tile-link" title={exact}>
          {figure}
        </span>
      )}
      <p className="mt-0.5 h-4 text-xs">
        {change ? (
          <Delta
            up={change.size > 0}
            size={change.step.text}
            verdict={change.step.verdict}
            title={`${exact} against ${format.exact(totals.previous?.[metric.id] ?? null, metric.unit)}`}
          />
        ) : null}
      </p>
    </>
  )
}

function About({
  metric,
  words,
  freshness,
}: {
  metric: MetricDefinition
  words: TableWords
  freshness: Pick<Freshness, 'watermark'>
}) {
  const { asked, data, context } = words
  const { from, to, filters } = asked.spec
  const value = data.result.totals.values[metric.id] ?? null
  const figure = figureAt(asked, metric, value, { from, to, filters, end: undefined })
  return <FigureDialog opened={openedFigure(`about-${metric.id}`, figure, null, freshness, context)} />
}
