import { type Formatter, humanize } from '@/lib/format'
import { CASE_SORTS, type CaseLine, type CaseSort } from '@/lib/workflow/read/cases-types'
import { markOf } from '../actions/status-word'
import type { Cell, Column, TableData } from '../tables/table-types'

export interface CaseTableOptions {
  readonly format: Formatter
  readonly name: (dimension: string, value: string) => string
  readonly sort: CaseSort
  readonly descending: boolean
  readonly sortHref: (sort: CaseSort, descending: boolean) => string
  readonly href: (id: string) => string
  readonly peek: (id: string) => string
}

const COLUMNS: readonly (Omit<Column, 'sortHref' | 'sorted'> & { sort?: CaseSort })[] = [
  { id: 'id', label: 'Return', align: 'left', sticky: true, sort: 'id' },
  { id: 'overall', label: 'Overall', align: 'left' },
  { id: 'goods', label: 'Goods', align: 'left' },
  { id: 'money', label: 'Money', align: 'left' },
  { id: 'exceptions', label: 'Exceptions', align: 'right', help: 'Open exceptions: each waits for a person' },
  { id: 'order', label: 'Order', align: 'left' },
  { id: 'customer', label: 'Customer', align: 'left', hidden: true },
  { id: 'channel', label: 'Channel', align: 'left' },
  { id: 'entity', label: 'Entity', align: 'left', hidden: true },
  { id: 'facility', label: 'Facility', align: 'left' },
  { id: 'pieces', label: 'Pieces', align: 'right' },
  { id: 'value', label: 'Value', align: 'right', sort: 'value', help: 'What was paid for the pieces, tax included' },
  { id: 'currency', label: 'Currency', align: 'left' },
  { id: 'asked', label: 'Asked for', align: 'right', hidden: true, sort: 'asked' },
  { id: 'changed', label: 'Last change', align: 'right', sort: 'changed' },
]

/** The list of cases as a table: the three statuses, what waits, and what it is about. The server sorts: it is one page of many. */
export function caseTable(lines: readonly CaseLine[], options: CaseTableOptions): TableData {
  const { format, name, sort, descending, sortHref } = options
  return {
    columns: COLUMNS.map(({ sort: by, ...column }) => ({
      ...column,
      ...(by ? { sortHref: sortHref(by, by === sort ? !descending : by !== 'id') } : {}),
      ...(by === sort ? { sorted: descending ? ('desc' as const) : ('asc' as const) } : {}),
      // Asked for by its date when it is what the list is sorted by.
      ...(column.hidden && by === sort ? { hidden: false } : {}),
    })),
    rows: lines.map((line) => ({
      id: line.id,
      peek: options.peek(line.id),
      cells: {
        id: { text: line.id, href: options.href(line.id) },
        overall: status(line.overall),
        goods: status(line.goods),
        money: status(line.money),
        ...(line.exceptions > 0 ? { exceptions: { text: format.count(line.exceptions), tone: 'worse' as const } } : {}),
        order: { text: line.orderId, tone: 'muted' },
        ...(line.customerId ? { customer: { text: line.customerId, tone: 'muted' as const } } : {}),
        channel: { text: name('channel', line.channel), tone: 'muted' },
        entity: { text: name('entity', line.entity), tone: 'muted' },
        facility: { text: name('facility', line.facility), tone: 'muted' },
        pieces: { text: format.count(line.pieces) },
        value: { text: format.exactAmountCell(line.value) },
        currency: { text: line.currency, tone: 'muted' },
        ...(line.requestedAt ? { asked: { text: format.moment(line.requestedAt), tone: 'muted' as const } } : {}),
        changed: { text: format.moment(line.lastAt), tone: 'muted' },
      },
    })),
  }
}

const status = (code: string): Cell => ({ text: humanize(code), mark: markOf(code) })

/** What the address says of the order: "-value" is by value, largest first. */
export function readSort(text: string | undefined): { sort: CaseSort; descending: boolean } {
  const sort = CASE_SORTS.find((known) => known === text?.replace(/^-/, ''))
  return sort ? { sort, descending: text?.startsWith('-') ?? false } : { sort: 'changed', descending: true }
}

export const writeSort = (sort: CaseSort, descending: boolean): string | undefined =>
  sort === 'changed' && descending ? undefined : `${descending ? '-' : ''}${sort}`
