import { Info } from 'lucide-react'
import type { Comparison, Figure, Freshness } from '@/lib/metrics/overview-types'
import { apiHref, BASIS_WORDS, basisOf, csvHref, type PageContext, rowsHref } from './figure'

/**
 * The opened number: what it means, what it is made of, how far it reaches, and the ways on. A native popover: no script
 * opens it, Esc and a click beside it close it, focus goes back by itself.
 */
export function FigurePanel({
  id,
  figure,
  comparison,
  freshness,
  context,
}: {
  id: string
  figure: Figure
  comparison: Comparison | null
  freshness: Freshness
  context: PageContext
}) {
  const { format, state, define } = context
  const definition = define(figure.metric)
  const { spec } = figure
  const basis = basisOf(definition, spec.basis)
  const part = (part: Figure['numerator'], name: string | undefined) =>
    part
      ? `${name ?? (part.metric ? define(part.metric).label : '')}: ${format.exact(part.value, part.metric ? define(part.metric).unit : 'count')}`
      : name
  const facts: [string, string | undefined][] = [
    ['Value', format.exact(figure.value, definition.unit)],
    ['Numerator', part(figure.numerator, definition.numerator)],
    ['Denominator', part(figure.denominator, definition.denominator)],
    ['Basis', basis ? BASIS_WORDS[basis] : 'As of an instant'],
    basis ? ['Period', format.range(spec.from, spec.to)] : ['As of', spec.asOf ? format.instant(spec.asOf) : 'now'],
    ['Zone', spec.tz],
    [
      'Filters',
      spec.filters.map((f) => `${f.dimension} ${f.op === 'not_in' ? 'not ' : ''}${f.values.join(', ')}`).join('; ') ||
        'None',
    ],
    ...(comparison ? compared(comparison, definition.unit, context) : []),
    ['Reaches to', freshness.watermark ? format.instant(freshness.watermark) : undefined],
  ]
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className="noprint relative z-10 -my-1 -mr-1 grid size-6 place-items-center rounded text-faint hover:text-ink"
        aria-label={`About ${definition.label}`}
      >
        <Info size={14} strokeWidth={1.5} aria-hidden="true" />
      </button>
      <dialog id={id} popover="auto" aria-labelledby={`${id}-title`} className="figure-panel layer">
        <div className="flex items-start justify-between gap-4">
          <h3 id={`${id}-title`} className="text-md">
            {definition.label}
          </h3>
          <button type="button" className="control" popoverTarget={id} popoverTargetAction="hide">
            Close
          </button>
        </div>
        <p className="mt-1 text-sm">{definition.sentence}</p>
        <p className="mt-1 text-xs text-muted">{definition.formula}</p>
        <dl className="my-3 grid grid-cols-[7rem_1fr] gap-y-1 border-y border-line py-3 text-sm">
          {facts.map(([name, text]) =>
            text ? (
              <div key={name} className="contents">
                <dt className="text-muted">{name}</dt>
                <dd className="break-words tabular-nums">{text}</dd>
              </div>
            ) : null,
          )}
        </dl>
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          <a className="link" href={rowsHref(figure, state)}>
            Rows behind it
          </a>
          <a className="link" href={csvHref(figure, state)} download>
            As CSV
          </a>
          <a className="link" href={apiHref(figure)} target="_blank" rel="noreferrer">
            As a query
          </a>
          <a className="link" href={`/glossary#${figure.metric}`}>
            In the glossary
          </a>
        </p>
      </dialog>
    </>
  )
}

function compared(comparison: Comparison, unit: Parameters<PageContext['format']['exact']>[1], context: PageContext) {
  const { format } = context
  const { current, previous } = comparison
  const days = (spec: Figure['spec']) => (spec.asOf ? format.instant(spec.asOf) : format.range(spec.from, spec.to))
  return [
    ['Compared', `${format.exact(current.value, unit)} (${days(current.spec)})`],
    ['with', `${format.exact(previous.value, unit)} (${days(previous.spec)})`],
    ['Complete', 'Only complete and mature days are compared'],
  ] satisfies [string, string][]
}
