import type { Comparison, Figure, Freshness } from '@/lib/metrics/overview-types'
import { valueWords } from '../filters/view-state'
import { apiHref, BASIS_WORDS, basisOf, csvHref, type PageContext, rowsHref } from './figure'
import type { OpenedFigure } from './figure-dialog'

/** The opened number in words: what it means, what it is made of, how far it reaches, and the ways on. */
export function openedFigure(
  id: string,
  figure: Figure,
  comparison: Comparison | null,
  freshness: Pick<Freshness, 'watermark'>,
  context: PageContext,
): OpenedFigure {
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
      spec.filters.map((f) => `${f.dimension} ${f.op === 'not_in' ? 'not ' : ''}${valueWords(f)}`).join('; ') || 'None',
    ],
    ...(comparison ? compared(comparison, definition.unit, context) : []),
    ['Reaches to', freshness.watermark ? format.instant(freshness.watermark) : undefined],
  ]
  return {
    id,
    label: definition.label,
    sentence: definition.sentence,
    formula: definition.formula,
    facts: facts.flatMap(([name, text]) => (text ? [{ name, text }] : [])),
    links: {
      rows: context.opens ? rowsHref(figure, state) : null,
      csv: context.exports ? csvHref(figure, state) : null,
      query: apiHref(figure),
      glossary: `/glossary#${figure.metric}`,
    },
  }
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
