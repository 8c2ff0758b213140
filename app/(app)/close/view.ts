import type { CloseTaskView, CloseView as Shown, TrialView } from '@/components/books/close-view'
import { type Formatter, formatFor } from '@/lib/format'
import { formatUnits, parseAmount } from '@/lib/money'
import type { CloseView, PeriodLine, TaskLine, TrialLine } from '@/lib/workflow/read/journal-types'

const STATE_WORDS = { open: 'Open', soft: 'Locked', closed: 'Closed' } as const
const KINDS: Readonly<Record<string, string>> = {
  asset: 'Assets',
  liability: 'Liabilities',
  income: 'Income',
  expense: 'Expenses',
}
const FIGURES: Readonly<Record<TaskLine['counts'], string>> = {
  events: 'waiting',
  approvals: 'waiting',
  differences: 'open',
  exceptions: 'overdue',
  cents: 'out of balance',
  controls: 'broken',
  entries: 'entries',
}

export function closeView(
  data: CloseView,
  {
    format,
    link,
    exports,
  }: { format: Formatter; link: (change: Record<string, string | undefined>) => string; exports: boolean },
): Shown {
  const { period, entity } = data
  const file = (profile: string) => `/journal/export?${new URLSearchParams({ entity, period: period.period, profile })}`
  return {
    title: format.month(`${period.period}-01`),
    state: STATE_WORDS[period.state],
    tone: { open: 'warn', soft: 'plain', closed: 'better' }[period.state] as Shown['tone'],
    lead: leadOf(period, format),
    hash: data.hash,
    periods: data.periods.map((each) => ({
      period: each.period,
      href: link({ month: each.period }),
      label: format.month(`${each.period}-01`),
      state: STATE_WORDS[each.state],
      tone: { open: 'warn', soft: 'plain', closed: 'better' }[each.state] as Shown['tone'],
      note: `${format.count(each.entries)} ${each.entries === 1 ? 'entry' : 'entries'}${each.reopened > 0 ? `, reopened ${each.reopened === 1 ? 'once' : `${each.reopened} times`}` : ''}`,
      current: each.period === period.period,
    })),
    tasks: data.tasks.map((task) => taskView(task, data, format)),
    signed: data.tasks.filter(({ signed, even }) => signed && even).length,
    trial: trialOf(data.trial, format),
    journal: `/journal?${new URLSearchParams({ books: entity, month: period.period })}`,
    files: exports
      ? [
          { label: 'Itemised', href: file('itemized'), note: 'every line' },
          { label: 'NetSuite', href: file('netsuite'), note: 'one journal a day' },
          { label: 'Trial balance', href: file('summary'), note: 'as shown' },
        ]
      : [],
    actions: data.actions.map(({ command, closed }) => ({
      ...ACTIONS[command],
      command,
      given: { entity, period: period.period },
      closed,
    })),
  }
}

const ACTIONS = {
  'period.lock': { title: 'Lock', button: 'Lock', fields: [] },
  'period.unlock': {
    title: 'Unlock',
    button: 'Unlock',
    fields: [{ name: 'reason', label: 'Why', kind: 'text', required: true }],
  },
  'period.close': { title: 'Close the period', button: 'Close', fields: [] },
  'period.reopen': {
    title: 'Ask to reopen',
    button: 'Ask two others',
    fields: [{ name: 'reason', label: 'What must be corrected', kind: 'long', required: true }],
  },
} as const

function leadOf(period: PeriodLine, format: Formatter): string {
  const entries = `${format.count(period.entries)} ${period.entries === 1 ? 'entry' : 'entries'}${period.manual > 0 ? `, ${format.count(period.manual)} by hand` : ''}${period.late > 0 ? `, ${format.count(period.late)} late from closed periods` : ''}.`
  if (period.state === 'closed')
    return `${entries} Closed${period.closedBy ? ` by ${period.closedBy}` : ''}${period.closedAt ? `, ${format.instant(period.closedAt)}` : ''}. Nothing comes in any more.`
  if (period.state === 'soft')
    return `${entries} Locked: cases post into the next period, and only entries that a controller approves come in.`
  return `${entries} Open: whatever happens in it is posted into it. Lock it when its month is over.`
}

const taskView = (task: TaskLine, data: CloseView, format: Formatter): CloseTaskView => ({
  id: task.id,
  title: task.title,
  looks: task.looks,
  owner: task.owner === 'controller' ? 'Controller' : 'Accountant',
  figure: `${format.count(task.figure)} ${FIGURES[task.counts]}`,
  even: task.even,
  evidence: task.evidence,
  signed: task.signed
    ? `${task.signed.by}, ${format.moment(task.signed.at)}${task.signed.note ? `: ${task.signed.note}` : ''}`
    : '',
  // A signature says what was seen; a figure that has changed since says so.
  turned: task.signed !== null && !task.even,
  href: LINKS[task.id]?.(data) ?? null,
  given: { entity: data.entity, period: data.period.period, task: task.id },
  closed: task.closed,
  removable: task.signed !== null && data.period.state !== 'closed',
})

const LINKS: Readonly<Record<string, (data: CloseView) => string>> = {
  approvals: () => '/approvals',
  payments: () => '/reconciliation?tab=payments',
  stock: () => '/reconciliation',
  receipts: () => '/reconciliation?tab=receipts',
  ledger: () => '/reconciliation?tab=ledger',
  exceptions: () => '/exceptions?overdue=1',
  controls: () => '/controls',
  manual: ({ entity, period }) =>
    `/journal?${new URLSearchParams({ books: entity, month: period.period, origin: 'manual' })}`,
}

/** By currency, then as a balance sheet and an income statement are read; every currency's sum beneath. */
function trialOf(lines: readonly TrialLine[], format: Formatter): TrialView[] {
  return [...new Set(lines.map(({ currency }) => currency))].map((currency) => {
    const own = formatFor({ locale: format.locale, tz: format.tz, currency })
    const cell = (value: string) => (Number(value) === 0 ? '' : own.exactAmountCell(value))
    const rows = lines.filter((line) => line.currency === currency)
    const total = (of: (line: TrialLine) => string) =>
      own.exactAmountCell(formatUnits(rows.reduce((sum, line) => sum + (parseAmount(of(line)) ?? 0n), 0n)))
    return {
      currency,
      groups: Object.entries(KINDS).flatMap(([kind, label]) => {
        const of = rows.filter((line) => line.kind === kind)
        if (of.length === 0) return []
        return [
          {
            label,
            rows: of.map((line) => ({
              ...{ account: line.name, opening: cell(line.opening), debit: cell(line.debit) },
              ...{ credit: cell(line.credit), closing: cell(line.closing) },
            })),
          },
        ]
      }),
      totals: {
        opening: total(({ opening }) => opening),
        debit: total(({ debit }) => debit),
        credit: total(({ credit }) => credit),
        closing: total(({ closing }) => closing),
      },
    }
  })
}
