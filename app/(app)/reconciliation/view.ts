import type { PanelAction, PanelView, ReconciliationPageView } from '@/components/reconciliation/reconciliation-view'
import { type Actor, can } from '@/lib/auth/actor'
import { isRole, ROLES } from '@/lib/auth/permissions'
import { type Formatter, formatFor, humanize, NONE } from '@/lib/format'
import { SETTLING_ACCOUNTS, WAYS, type Way } from '@/lib/returns/reconciliation'
import type { DifferenceDetail, DifferenceLine, ReconciliationView } from '@/lib/workflow/read/reconciliation-types'

export const WAY_WORDS: Readonly<Record<Way, { label: string; lead: string }>> = {
  stock: {
    label: 'Stock and counts',
    lead: 'The stock ledger against cycle counts of the return zones, by facility, location and SKU.',
  },
  payments: {
    label: 'Settlements and payments',
    lead: 'What was settled against what providers report, and against what was captured.',
  },
  ledger: {
    label: 'Ledgers and journal',
    lead: 'Every sub-ledger against its control account, by entity and currency.',
  },
  receipts: {
    label: 'Returns and receipts',
    lead: 'What returns announced against what came, and 3PL summaries against their lines.',
  },
}

/** An amount in its own currency's places, or a number of pieces. */
const amount = (format: Formatter, value: string, currency: string): string =>
  currency === ''
    ? format.count(value)
    : formatFor({ locale: format.locale, tz: format.tz, currency }).exactAmountCell(value)

const isZero = (value: string): boolean => Number(value) === 0

export function pageView(
  data: ReconciliationView,
  about: {
    format: Formatter
    name: (dimension: string, value: string) => string
    link: (change: Record<string, string | undefined>) => string
    csv: string | null
    now: Date
  },
): ReconciliationPageView {
  const { format, link, name, now } = about
  const even = data.ties.every(({ difference }) => isZero(difference))
  const money = data.ties.some(({ currency }) => currency !== '')
  return {
    tabs: WAYS.map((way) => ({
      id: way,
      label: WAY_WORDS[way].label,
      href: link({ tab: way === 'stock' ? undefined : way, difference: undefined }),
      current: way === data.way,
    })),
    lead: WAY_WORDS[data.way].lead,
    verdict: {
      good: data.open === 0,
      text:
        data.ties.length === 0 && data.count === 0
          ? 'Nothing to compare yet'
          : data.count === 0 && even
            ? `Ties ${money ? 'to the cent' : 'to the piece'}`
            : data.open === 0
              ? 'Every difference is explained'
              : `${format.count(data.open)} ${data.open === 1 ? 'difference' : 'differences'} open`,
      detail: `${data.count > data.open ? `${format.count(data.count - data.open)} more are explained. ` : ''}As of ${format.instant(data.at)}.`,
    },
    sides: data.sides,
    columns: data.columns,
    ties: data.ties.map((tie) => ({
      label: tie.currency === '' ? name('facility', tie.label) : tie.label,
      ours: amount(format, tie.ours, tie.currency),
      theirs: amount(format, tie.theirs, tie.currency),
      difference: isZero(tie.difference) ? 'none' : amount(format, tie.difference, tie.currency),
      even: isZero(tie.difference),
      unit: tie.currency || 'pieces',
    })),
    notes: data.notes,
    differences: data.differences.map((line) => ({
      key: line.key,
      href: link({ difference: line.key }),
      title: line.title,
      kind: line.label,
      place:
        [line.facility ? name('facility', line.facility) : '', line.facility ? '' : line.entity]
          .filter(Boolean)
          .join(', ') || NONE,
      ours: amount(format, line.ours, line.currency),
      theirs: amount(format, line.theirs, line.currency),
      difference: amount(format, line.difference, line.currency),
      unit: line.currency || 'pcs',
      age: ageOf(line.since, now),
      guess: line.guess,
      state: stateOf(line, format),
      stateNote: line.note,
      owner: line.state === 'settled' ? '' : (line.assignee ?? ''),
      settled: line.state === 'settled',
    })),
    more:
      data.differences.length < data.count
        ? `${format.count(data.count - data.differences.length)} more are in the CSV.`
        : null,
    csv: about.csv,
  }
}

function ageOf(since: string | null, now: Date): string {
  if (!since) return NONE
  const days = Math.floor((now.getTime() - Date.parse(since)) / 86_400_000)
  return days <= 0 ? 'today' : `${days} d`
}

function stateOf(line: DifferenceLine, format: Formatter): string {
  if (line.state === 'waiting' && line.waitUntil) return `Waits until ${format.day(line.waitUntil.slice(0, 10))}`
  if (line.state === 'proposed') return 'Entry waits for approval'
  if (line.state === 'settled') return line.entryId ? 'Settled by entry' : 'Explained'
  return line.assignee ? 'Assigned to' : 'Open'
}

/** One difference in words, with what this person can do about it, and why other things are closed. */
export function panelView(
  detail: DifferenceDetail,
  { actor, format, close, now }: { actor: Actor; format: Formatter; close: string; now: Date },
): PanelView {
  const { line } = detail
  const figure = (value: string) => `${amount(format, value, line.currency)} ${line.currency || 'pieces'}`
  const { actions, closed } = actionsOf(detail, actor, now)
  return {
    title: line.title,
    kind: line.label,
    close,
    amounts: [
      { label: detail.sides[0], value: figure(line.ours) },
      { label: detail.sides[1], value: figure(line.theirs) },
      { label: 'Difference', value: figure(line.difference), strong: true },
    ],
    guess: line.guess,
    state: stateOf(line, format) + (line.assignee && line.state === 'open' ? ` ${line.assignee}` : ''),
    note:
      [
        line.note,
        line.ownerRole && isRole(line.ownerRole) ? `With ${ROLES[line.ownerRole].label.toLowerCase()}.` : '',
        line.entryId ? `Entry ${line.entryId}.` : '',
      ]
        .filter(Boolean)
        .join(' ') || null,
    actions,
    closed,
    behind: detail.behind.map((list) => ({
      title: list.title,
      empty: list.empty,
      columns: list.columns.map(({ label, right }) => ({ label, right: right ?? false })),
      rows: list.rows.map((cells) =>
        cells.map((cell) =>
          typeof cell === 'string'
            ? { text: readable(cell, format) }
            : { text: cell.text, href: `/returns/${encodeURIComponent(cell.rma)}` },
        ),
      ),
    })),
  }
}

/** Instants in the reader's zone; amounts without the places that say nothing. */
const readable = (text: string, format: Formatter): string =>
  /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? format.minute(text) : text.replace(/(\.\d\d)00(?= |$)/, '$1')

function actionsOf(detail: DifferenceDetail, actor: Actor, now: Date): { actions: PanelAction[]; closed: string[] } {
  const { line } = detail
  const { key } = line
  const closed: string[] = []
  const actions: PanelAction[] = []
  if (line.state === 'settled')
    return { actions, closed: ['It is dealt with. Should it change in size, it is open again.'] }
  if (line.state === 'proposed') closed.push('An entry waits for somebody else’s approval.')
  else if (line.settling === 'entry') {
    if (can(actor, 'journal:prepare')) actions.push(settleAction(detail))
    else closed.push('An entry that settles it is prepared by an accountant and approved by a controller.')
  } else if (line.settling === 'adjustment') {
    if (can(actor, 'stock:adjust') && line.refs.countId)
      actions.push({
        command: 'stock.adjust',
        title: 'Ask for an adjustment',
        button: 'Ask for approval',
        given: { countId: line.refs.countId },
        fields: [{ name: 'reason', label: 'What happened', kind: 'long', required: true }],
      })
    else closed.push('The ledger is adjusted by an inventory controller, with an approval.')
  } else closed.push('No entry can settle it: resolve its exception with what it was.')
  if (can(actor, 'exceptions:resolve')) actions.push(waitAction(key, now), assignAction(detail))
  return { actions, closed }
}

const settleAction = ({ line, entities }: DifferenceDetail): PanelAction => ({
  command: 'reconciliation.settle',
  title: 'Settle with an entry',
  button: 'Ask for approval',
  given: { key: line.key },
  fields: [
    {
      name: 'account',
      label: 'Booked against',
      kind: 'select',
      required: true,
      options: SETTLING_ACCOUNTS.map((value) => ({ value, label: humanize(value.replace('.', ': ')) })),
    },
    ...(line.entity === ''
      ? [
          {
            name: 'entity',
            label: 'In the books of',
            kind: 'select' as const,
            required: true,
            options: entities.map((value) => ({ value, label: value })),
          },
        ]
      : []),
    { name: 'note', label: 'What happened; the approver reads it', kind: 'long', required: true },
  ],
})

const waitAction = (key: string, now: Date): PanelAction => ({
  command: 'reconciliation.wait',
  title: 'Wait',
  button: 'Wait until then',
  given: { key },
  fields: [
    {
      name: 'until',
      label: 'Until',
      kind: 'datetime',
      required: true,
      value: new Date(now.getTime() + 3 * 86_400_000).toISOString().slice(0, 16),
    },
    { name: 'note', label: 'Why it will go away', kind: 'text', required: true },
  ],
})

const assignAction = ({ line, people }: DifferenceDetail): PanelAction => ({
  command: 'reconciliation.assign',
  title: 'Assign',
  button: 'Assign',
  given: { key: line.key },
  fields: [
    {
      name: 'assignee',
      label: 'To',
      kind: 'select',
      required: true,
      options: people.map(({ id, name }) => ({ value: id, label: name })),
    },
  ],
})
