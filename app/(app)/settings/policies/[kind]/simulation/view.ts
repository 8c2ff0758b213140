import { roleName } from '@/components/actions/role-name'
import type {
  CaseLine,
  CasesView,
  Change,
  FigureLine,
  Moved,
  RunLine,
  ShareLine,
  SimulationResultView,
} from '@/components/settings/simulation-view'
import { type Formatter, humanize, magnitude, NONE } from '@/lib/format'
import { formatUnits, parseAmount } from '@/lib/money'
import { type SimulatedKind, type SimulatedKindName, simulatedKind } from '@/lib/returns/simulation-kinds'
import type {
  AskedSimulatedCases,
  SimulatedCase,
  SimulatedCases,
  SimulatedShare,
  SimulatedSide,
  SimulationResult,
  SimulationRun,
} from '@/lib/workflow/read/simulation-types'
import { naming } from '../../../../names'

type Link = (change: Record<string, string | undefined>) => string

/** A verdict as people say it: the words of the kind, roles of the matrix, facilities and codes by their names. */
export function verdictWords(kind: SimulatedKindName, verdict: string): string {
  const known = simulatedKind(kind).verdicts[verdict]
  if (known !== undefined) return known
  if (kind === 'routing') return verdict === '' ? 'No facility' : naming(null)('facility', verdict)
  if (kind !== 'approval') return humanize(verdict)
  return verdict
    .split(';')
    .map((step) => step.split('|').map(roleName).join(' or '))
    .join(', then ')
}

const NO_ROW: Readonly<Record<SimulatedKindName, string>> = {
  returns: 'No row: a person decides',
  routing: 'No row: back to where it was shipped from',
  disposition: 'No row',
  approval: 'No row: two people decide',
}
export const rowWords = (kind: SimulatedKindName, row: string): string => row || NO_ROW[kind]

const minus = (after: string, before: string): string =>
  formatUnits((parseAmount(after) ?? 0n) - (parseAmount(before) ?? 0n))

function changeOf(difference: string | number, size: string, up: 'better' | 'worse' | 'neither'): Change {
  const value = magnitude(difference) ?? 0
  if (value === 0) return { up: false, size: '', verdict: 'same' }
  const worse = up === 'better' ? 'worse' : 'better'
  return { up: value > 0, size, verdict: up === 'neither' ? 'neither' : value > 0 ? up : worse }
}

const sizeOf = (text: string): string => text.replace(/^-/, '')

export function resultView(
  run: SimulationRun & { readonly result: SimulationResult },
  format: Formatter,
  link: Link,
): SimulationResultView {
  const kind = simulatedKind(run.kind)
  const { result } = run
  const share = result.units === 0 ? 0 : result.changedUnits / result.units
  return {
    headline:
      result.units === 0
        ? `Nothing of ${format.range(run.from, dayAfter(run.to))} can be judged${run.channel || run.category ? ' with this choice' : ''}.`
        : result.changedUnits === 0
          ? `None of ${format.count(result.units)} ${unitsOf(run.kind)} would have been another.`
          : `${format.count(result.changedUnits)} of ${format.count(result.units)} ${unitsOf(run.kind)} (${format.percent(share)}) would have been another${inMoney(kind, result, format)}.`,
    notes: notesOf(run, format),
    figures: [...figureLines(kind, result, format, link), ...speedLine(kind, result, format, link)],
    verdict: {
      label: kind.verdict,
      amount: kind.figures[0].label,
      lines: inOrder(kind, result.verdicts).map((each) =>
        shareLine(
          each,
          verdictWords(run.kind, each.id),
          'neither',
          format,
          link({ verdict: each.id || NOBODY, row: undefined }),
        ),
      ),
    },
    rows: result.rows
      .toSorted((a, b) => b.unitsBefore + b.unitsAfter - a.unitsBefore - a.unitsAfter || (a.id < b.id ? -1 : 1))
      .map((each) =>
        shareLine(
          each,
          rowWords(run.kind, each.id),
          'neither',
          format,
          link({ row: each.id || NOBODY, verdict: undefined }),
        ),
      ),
    counts: kind.counts,
  }
}

/** How an empty verdict or row stands in an address. */
export const NOBODY = '-'

const unitsOf = (kind: SimulatedKindName): string =>
  kind === 'approval' ? 'requests' : kind === 'disposition' ? 'units decided on' : 'units asked back'

/** What ends the span that has this day as its last. */
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)

/** The first figure and the margin, as far as they move, and what of it is only put off. */
function inMoney(kind: SimulatedKind, { figures }: SimulationResult, format: Formatter): string {
  const moved = (id: string): string => {
    const figure = figures.find((each) => each.id === id)
    return figure ? minus(figure.after, figure.before) : '0'
  }
  const waits = Number(moved('waits'))
  const parts = kind.figures.flatMap(({ id, label, up }, index) => {
    const difference = moved(id)
    if (up === 'neither' || (index > 0 && id !== 'margin') || Number(difference) === 0) return []
    const later =
      index === 0 && waits !== 0 && waits > 0 !== Number(difference) > 0
        ? ` (${format.wholeMoney(Math.min(Math.abs(waits), Math.abs(Number(difference))))} of it only ${waits > 0 ? 'later' : 'sooner'})`
        : ''
    return [
      `${label.toLowerCase()} ${Number(difference) > 0 ? 'up' : 'down'} by ${format.wholeMoney(sizeOf(difference))}${later}`,
    ]
  })
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`
}

function notesOf(run: SimulationRun & { readonly result: SimulationResult }, format: Formatter): string[] {
  const { result } = run
  return [
    ...(run.stale
      ? [`Version ${run.version} was saved again since: this is of the table that it had. Try it anew.`]
      : []),
    ...(run.partial ? ['Made from a part of the company: the rows that its asker may see.'] : []),
    ...(result.unknown > 0
      ? [`${format.count(result.unknown)} more of the span are not in it: too little is known of them to be judged.`]
      : []),
    ...(result.withoutRate > 0
      ? [`${format.count(result.withoutRate)} are judged and in no amount, since their currency has no rate.`]
      : []),
    ...(result.kept < result.changedLines
      ? [
          `Of ${format.count(result.changedLines)} cases the first ${format.count(result.kept)} are kept to be looked at.`,
        ]
      : []),
  ]
}

function figureLines(kind: SimulatedKind, result: SimulationResult, format: Formatter, link: Link): FigureLine[] {
  const units = (verdicts: readonly string[], side: 'unitsBefore' | 'unitsAfter') =>
    result.verdicts.reduce((sum, each) => sum + (verdicts.includes(each.id) ? each[side] : 0), 0)
  const all = link({ row: undefined, verdict: undefined })
  const taken =
    'refused' in kind.verdicts
      ? [['auto', 'manual'] as const].map((verdicts): FigureLine => {
          const [before, after] = [units(verdicts, 'unitsBefore'), units(verdicts, 'unitsAfter')]
          const change = changeOf(after - before, format.count(Math.abs(after - before)), 'neither')
          return {
            ...{ label: 'Units taken back', says: 'Decided by itself or by a person.', change },
            ...{ before: format.count(before), after: format.count(after) },
            href: change.verdict === 'same' ? null : link({ verdict: 'refused', row: undefined }),
          }
        })
      : []
  return [
    ...taken,
    ...kind.figures.map(({ id, label, says, up }): FigureLine => {
      const { before, after } = result.figures.find((each) => each.id === id) ?? { before: '0', after: '0' }
      const difference = minus(after, before)
      const change = changeOf(difference, format.money(sizeOf(difference)), up)
      return {
        ...{ label, says, change, before: format.money(before), after: format.money(after) },
        href: change.verdict === 'same' ? null : all,
      }
    }),
  ]
}

function speedLine(kind: SimulatedKind, { days }: SimulationResult, format: Formatter, link: Link): FigureLine[] {
  if (!kind.speed) return []
  if (!days)
    return [
      {
        ...{ label: 'Mean days to the money', says: 'Nothing is paid by both versions.', before: NONE, after: NONE },
        ...{ change: { up: false, size: '', verdict: 'same' as const }, href: null },
      },
    ]
  const change = changeOf(
    Math.round((days.after - days.before) * 10) / 10,
    format.days(Math.abs(days.after - days.before)),
    'worse',
  )
  return [
    {
      label: 'Mean days to the money',
      says: `From the request to when the money may go, over the ${format.count(days.units)} units that both versions pay.`,
      ...{ before: format.days(days.before), after: format.days(days.after), change },
      href: change.verdict === 'same' ? null : link({ row: undefined, verdict: undefined }),
    },
  ]
}

/** Verdicts in the order of the kind, others behind them. */
function inOrder(kind: SimulatedKind, shares: readonly SimulatedShare[]): SimulatedShare[] {
  const order = Object.keys(kind.verdicts)
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length)
  return shares.toSorted((a, b) => place(a.id) - place(b.id) || (a.id < b.id ? -1 : 1))
}

function shareLine(
  each: SimulatedShare,
  label: string,
  up: SimulatedKind['figures'][0]['up'],
  format: Formatter,
  href: string,
): ShareLine {
  const difference = each.unitsAfter - each.unitsBefore
  const amount = minus(each.amountAfter, each.amountBefore)
  return {
    ...{ id: each.id, label, before: format.count(each.unitsBefore), after: format.count(each.unitsAfter) },
    change: changeOf(difference, format.count(Math.abs(difference)), 'neither'),
    ...{ amountBefore: format.money(each.amountBefore), amountAfter: format.money(each.amountAfter) },
    amountChange: changeOf(amount, format.money(sizeOf(amount)), up),
    href: difference !== 0 || Number(amount) !== 0 ? href : null,
  }
}

/** A value on both sides; the same on both is said once. */
const moved = (before: string, after: string): Moved => ({ before: before === after ? null : before, after })

export function casesView(
  run: SimulationRun,
  cases: SimulatedCases,
  asked: AskedSimulatedCases,
  offset: number,
  { format, link, csv }: { format: Formatter; link: Link; csv: string | null },
): CasesView {
  const kind = simulatedKind(run.kind)
  const about =
    asked.row !== undefined
      ? `row ${rowWords(run.kind, asked.row)}`
      : asked.verdict !== undefined
        ? verdictWords(run.kind, asked.verdict).toLowerCase()
        : ''
  return {
    title: `${format.count(cases.count)} ${cases.count === 1 ? 'case' : 'cases'} that would have been another${about ? `, from or to ${about}` : ''}`,
    lines: cases.cases.map((each) => caseLine(run.kind, kind, each, format)),
    ...{ figures: kind.figures.map(({ short }) => short), days: kind.speed, verdict: kind.verdict },
    note: `Amounts in ${run.result?.currency ?? ''}.${
      cases.count > cases.cases.length
        ? ` The largest change first, ${format.count(offset + 1)} to ${format.count(offset + cases.cases.length)}.`
        : ''
    }`,
    clear: about ? link({ row: undefined, verdict: undefined, offset: undefined }) : null,
    before: offset > 0 ? link({ offset: offset > 100 ? String(offset - 100) : undefined }) : null,
    after: cases.next === null ? null : link({ offset: String(cases.next) }),
    csv,
  }
}

function caseLine(name: SimulatedKindName, kind: SimulatedKind, each: SimulatedCase, format: Formatter): CaseLine {
  const { before, after, about } = each
  const days = ({ days: value, verdict, sums }: SimulatedSide) => {
    if (value !== null) return format.days(value)
    if (verdict === 'refused') return NONE
    return Number(sums.refund ?? 0) > 0 ? 'when a person pays' : 'not yet'
  }
  return {
    key: String(each.n),
    title: each.unitId || about.id || each.rmaId,
    href: each.rmaId
      ? `/returns/${encodeURIComponent(each.rmaId)}`
      : each.unitId
        ? `/returns/unit/${encodeURIComponent(each.unitId)}`
        : null,
    about: aboutWords(each, format),
    row: moved(rowWords(name, before.row), rowWords(name, after.row)),
    verdict: moved(verdictWords(name, before.verdict), verdictWords(name, after.verdict)),
    figures: kind.figures.map(({ id }) =>
      moved(format.exactAmountCell(before.sums[id] ?? '0'), format.exactAmountCell(after.sums[id] ?? '0')),
    ),
    days: kind.speed ? moved(days(before), days(after)) : null,
  }
}

function aboutWords({ about, quantity }: SimulatedCase, format: Formatter): string {
  const parts = [
    ...(about.asked || about.decided ? [format.dayYear(about.asked ?? about.decided ?? '')] : []),
    ...(about.subject && about.subject !== 'settlement' ? [humanize(about.subject)] : []),
    ...(about.reason ? [humanize(about.reason)] : []),
    ...(about.condition ? [`condition ${about.condition}`] : []),
    ...(about.finding ? [humanize(about.finding).toLowerCase()] : []),
    ...(about.channel ? [naming(null)('channel', about.channel)] : []),
    ...(about.category ? [humanize(about.category).toLowerCase()] : []),
    ...(about.really ? [`was decided: ${humanize(about.really).toLowerCase()}`] : []),
    ...(quantity > 1 ? [`${format.count(quantity)} pieces`] : []),
  ]
  return parts.join(', ')
}

const STATE_WORDS = { waiting: 'waits', running: 'runs', done: 'done', failed: 'not done', stopped: 'stopped' } as const

export const runLine = (run: SimulationRun, format: Formatter, link: Link, current: string | undefined): RunLine => ({
  ...{ id: run.id, state: run.state, current: run.id === current },
  label: `Version ${run.version} against ${run.against}, ${format.range(run.from, dayAfter(run.to))}${run.channel ? `, ${naming(null)('channel', run.channel)}` : ''}${run.category ? `, ${humanize(run.category).toLowerCase()}` : ''}`,
  href: link({ version: String(run.version), run: run.id, row: undefined, verdict: undefined, offset: undefined }),
  about: `${STATE_WORDS[run.state]}${run.result ? `, ${format.count(run.result.changedUnits)} of ${format.count(run.result.units)} another` : ''}${run.stale ? ', of an older draft' : ''}; ${run.askedBy}, ${format.moment(run.askedAt)}`,
})
