import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { UserError } from '../../errors'
import { parseAmount } from '../../money'

/** A refund or a chargeback of a provider's report; the amount in 1/10,000. */
export interface PaymentRow {
  readonly ref: string
  readonly settlementId: string
  readonly kind: 'refund' | 'chargeback'
  readonly state: 'succeeded' | 'pending' | 'failed'
  readonly amount: bigint
  readonly currency: string
  readonly at: Date
  /** Of a chargeback: the payment that it is of, which is our order; '' where the report does not say. */
  readonly payment: string
  /** Of a chargeback: what the bank calls it. */
  readonly reason: string
}

export interface ReceiptRow {
  readonly day: string
  readonly sku: string
  readonly quantity: number
}

/** What columns are called in the exports that people have; the first name is ours. */
const PAYMENT_COLUMNS = {
  ref: ['ref', 'id', 'refund_id', 'transaction_id', 'reference'],
  settlementId: ['settlement_id', 'settlement_id (metadata)', 'metadata[settlement_id]', 'metadata'],
  kind: ['kind', 'type', 'reporting_category'],
  payment: ['payment', 'payment_intent', 'payment_intent_id', 'order_id', 'order'],
  reason: ['reason', 'dispute_reason'],
  state: ['state', 'status'],
  amount: ['amount', 'gross'],
  currency: ['currency', 'currency_code'],
  at: ['at', 'created', 'created (utc)', 'created_utc', 'date'],
} as const
const RECEIPT_COLUMNS = {
  day: ['day', 'date', 'receipt_date'],
  sku: ['sku', 'item', 'item_number'],
  quantity: ['quantity', 'qty', 'units'],
} as const

const code = z.string().trim().min(1, 'is empty').max(128)
const STATES: Readonly<Record<string, PaymentRow['state']>> = {
  '': 'succeeded',
  succeeded: 'succeeded',
  paid: 'succeeded',
  completed: 'succeeded',
  pending: 'pending',
  requires_action: 'pending',
  failed: 'failed',
  canceled: 'failed',
  cancelled: 'failed',
  needs_response: 'succeeded',
  under_review: 'succeeded',
  lost: 'succeeded',
  won: 'failed',
  prevented: 'failed',
  warning_needs_response: 'pending',
  warning_under_review: 'pending',
  warning_closed: 'failed',
}

const payment = z.object({
  ref: code,
  settlementId: z.string().trim().max(160).default(''),
  kind: z.string().trim().toLowerCase().default('refund'),
  state: z.string().trim().toLowerCase().default(''),
  payment: z.string().trim().max(128).default(''),
  reason: z.string().trim().max(64).default(''),
  amount: z.string().trim(),
  currency: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z]{3}$/, 'is no currency code'),
  at: z.string().trim(),
})
const receipt = z.object({
  day: z.iso.date('is no date like 2026-05-31'),
  sku: code,
  quantity: z
    .string()
    .trim()
    .regex(/^\d{1,7}$/, 'is no whole number')
    .transform(Number),
})

/** Rows of a provider's report in CSV. All of it or nothing: a report with holes would show differences that are none. */
export const paymentRows = (csv: string): PaymentRow[] =>
  read(csv, PAYMENT_COLUMNS, ['ref', 'amount', 'currency', 'at'], (cells, line) => {
    const row = parsed(payment, cells, line)
    const amount = parseAmount(row.amount.replace(/^-/, ''))
    const at = instantOf(row.at)
    const state = STATES[row.state]
    if (amount === undefined) throw bad(line, `amount: "${row.amount}" is no amount with at most four decimals`)
    if (!at) throw bad(line, `at: "${row.at}" is no time`)
    if (!state) throw bad(line, `state: "${row.state}" is none of ${Object.keys(STATES).filter(Boolean).join(', ')}`)
    const kind = /dispute|chargeback/.test(row.kind) ? 'chargeback' : 'refund'
    const { ref, settlementId, currency, payment: of, reason } = row
    return { ref, settlementId, kind, state, amount, currency, at, payment: of, reason }
  })

/** Rows of a 3PL's receipt summary in CSV: day of its own calendar, SKU, pieces. */
export const receiptRows = (csv: string): ReceiptRow[] =>
  read(csv, RECEIPT_COLUMNS, ['day', 'sku', 'quantity'], (cells, line) => parsed(receipt, cells, line))

const bad = (line: number, message: string) =>
  new UserError(
    'report_row',
    `Line ${line}: ${message}. Nothing was taken in: correct the file and import it again.`,
    400,
    'csv',
  )

/** An ISO time, or `2026-05-31 10:11:12`, which exports mean in UTC. */
function instantOf(text: string): Date | undefined {
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text)
    ? `${text}T00:00:00Z`
    : text.replace(' ', 'T').replace(/(:\d{2}(\.\d+)?)$/, '$1Z')
  const time = Date.parse(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text.replace(' ', 'T')) ? `${text.replace(' ', 'T')}:00Z` : iso,
  )
  return Number.isNaN(time) ? undefined : new Date(time)
}

function parsed<T>(schema: z.ZodType<T>, cells: Record<string, string>, line: number): T {
  const result = schema.safeParse(cells)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw bad(line, `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'cannot be read'}`)
}

function read<T>(
  csv: string,
  names: Readonly<Record<string, readonly string[]>>,
  needed: readonly string[],
  rowOf: (cells: Record<string, string>, line: number) => T,
): T[] {
  let lines: string[][]
  try {
    lines = parse(csv, { bom: true, relax_column_count: true, skip_empty_lines: true, delimiter: [',', ';', '\t'] })
  } catch (error) {
    throw new UserError(
      'report_csv',
      `This is no CSV: ${error instanceof Error ? error.message : String(error)}`,
      400,
      'csv',
    )
  }
  const [head = [], ...rest] = lines
  const titles = head.map((title) => title.trim().toLowerCase())
  const at = new Map(
    Object.entries(names).map(([name, known]) => [name, titles.findIndex((title) => known.includes(title))]),
  )
  const missing = needed.filter((name) => at.get(name) === -1)
  if (missing.length > 0)
    throw new UserError(
      'report_columns',
      `The first line must name the columns; missing: ${missing.join(', ')}.`,
      400,
      'csv',
    )
  if (rest.length === 0) throw new UserError('report_empty', 'There is no row in it.', 400, 'csv')
  return rest.map((cells, index) => {
    const row: Record<string, string> = {}
    for (const [name, column] of at) if (column >= 0) row[name] = cells[column] ?? ''
    return rowOf(row, index + 2)
  })
}
