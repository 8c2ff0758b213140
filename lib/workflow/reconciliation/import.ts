import { createHash } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { upsertRows } from '../../db/rows'
import { outsideReport, providerRefund, receiptSummary } from '../../db/schema'
import { UserError } from '../../errors'
import { tellChargebacks } from '../chargeback/tell'
import { type Context, command } from '../command'
import { texts } from '../record/books'
import { requireFacility } from '../stock/count'
import { type PaymentRow, paymentRows, receiptRows } from './report-rows'

const DAY = 86_400_000
const csv = z.string().min(1).max(8_000_000)
const name = z.string().trim().min(1).max(200)

export interface Imported {
  readonly reportId: string
  readonly rows: number
}

/** Takes in a provider's report of refunds and chargebacks as a CSV file. */
export const importPayments = command({
  name: 'reconciliation.import_payments',
  title: 'Import a payment report',
  permission: 'journal:prepare',
  input: z.strictObject({
    provider: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'is no short name like stripe'),
    name,
    csv,
    /** What it covers, `until` exclusive; from its first to its last day where not said. */
    from: z.iso.date().optional(),
    until: z.iso.date().optional(),
    /** Channels whose refunds, made by other systems, must be in it. */
    channels: z.array(z.string().trim().min(1).max(64)).max(50).default([]),
  }),
  async run(context, asked): Promise<Imported> {
    const rows = paymentRows(asked.csv)
    const days = rows.map(({ at }) => at.toISOString().slice(0, 10)).sort()
    return keepPayments(context, {
      provider: asked.provider,
      origin: asked.name,
      content: asked.csv,
      from: dayStart(asked.from ?? days[0] ?? ''),
      until: asked.until ? dayStart(asked.until) : new Date(dayStart(days.at(-1) ?? '').getTime() + DAY),
      channels: asked.channels,
      rows,
    })
  },
})

const dayStart = (day: string): Date => new Date(`${day}T00:00:00Z`)

/** Keeps a report of payments; of one refund in several reports the latest counts. */
export async function keepPayments(
  context: Pick<Context, 'tx' | 'at' | 'doer' | 'audit'>,
  report: {
    readonly provider: string
    readonly origin: string
    readonly content: string
    readonly from: Date
    readonly until: Date
    readonly channels: readonly string[]
    readonly rows: readonly PaymentRow[]
  },
): Promise<Imported> {
  const { provider, from, until, rows } = report
  const byRef = new Map<string, PaymentRow>()
  for (const row of rows) {
    const known = byRef.get(row.ref)
    if (known && (known.amount !== row.amount || known.currency !== row.currency))
      throw new UserError('report_row', `${row.ref} stands in it twice, with different amounts.`, 400, 'csv')
    byRef.set(row.ref, row)
  }
  const reportId = await keepReport(context, {
    ...{ kind: 'payments' as const, reporter: provider, origin: report.origin, content: report.content },
    ...{ from, until, rows: byRef.size, channels: report.channels },
  })
  const called = await tellChargebacks(context.tx, provider, [...byRef.values()], context.at)
  await upsertRows(
    context.tx,
    providerRefund,
    [...byRef.values()].map(({ payment: _payment, reason: _reason, ...row }) => ({
      ...{ ...row, provider, reportId },
      settlementId: row.settlementId || (called.get(row.ref) ?? ''),
    })),
    ['provider', 'ref'],
  )
  return { reportId, rows: byRef.size }
}

/** Takes in what a 3PL says it has received, item by item and day by day. A day that is reported again replaces what was said of it before. */
export const importReceipts = command({
  name: 'reconciliation.import_receipts',
  title: 'Import a receipt summary',
  permission: 'stock:count',
  input: z.strictObject({ facility: z.string().trim().min(1).max(128), name, csv }),
  async run(context, asked): Promise<Imported> {
    await requireFacility(context, asked.facility)
    const sums = new Map<string, { day: string; sku: string; quantity: number }>()
    for (const row of receiptRows(asked.csv)) {
      const key = `${row.day}\0${row.sku}`
      sums.set(key, { ...row, quantity: (sums.get(key)?.quantity ?? 0) + row.quantity })
    }
    const days = [...new Set([...sums.values()].map(({ day }) => day))].sort()
    const reportId = await keepReport(context, {
      ...{
        kind: 'receipts' as const,
        reporter: asked.facility,
        origin: asked.name,
        content: `${asked.facility}\0${asked.csv}`,
      },
      ...{ from: dayStart(days[0] ?? ''), until: new Date(dayStart(days.at(-1) ?? '').getTime() + DAY) },
      ...{ rows: sums.size, channels: [] },
    })
    await context.tx
      .delete(receiptSummary)
      .where(sql`${receiptSummary.facility} = ${asked.facility} AND ${receiptSummary.day}::text IN ${texts(days)}`)
    await upsertRows(
      context.tx,
      receiptSummary,
      [...sums.values()].map((row) => ({ ...row, facility: asked.facility, reportId })),
      ['facility', 'day', 'sku'],
    )
    return { reportId, rows: sums.size }
  },
})

async function keepReport(
  { tx, at, doer, audit }: Pick<Context, 'tx' | 'at' | 'doer' | 'audit'>,
  report: {
    readonly kind: 'payments' | 'receipts'
    readonly reporter: string
    readonly origin: string
    readonly content: string
    readonly from: Date
    readonly until: Date
    readonly rows: number
    readonly channels: readonly string[]
  },
): Promise<string> {
  const { kind, reporter, origin, from, until, rows, channels } = report
  if (!(from < until))
    throw new UserError('report_span', 'It must cover at least a day: from before until.', 400, 'from')
  const sha256 = createHash('sha256').update(`${kind}\0${reporter}\0${report.content}`).digest('hex')
  const [known] = await tx
    .select({ at: outsideReport.addedAt })
    .from(outsideReport)
    .where(eq(outsideReport.sha256, sha256))
  if (known)
    throw new UserError(
      'report_known',
      `This report was taken in on ${known.at.toISOString().slice(0, 10)} already.`,
      409,
      'csv',
    )
  const id = crypto.randomUUID()
  await tx.insert(outsideReport).values({
    ...{ id, kind, reporter, origin, sha256, rows, channels: [...channels] },
    ...{ coversFrom: from, coversUntil: until, addedBy: doer.id, addedAt: at },
  })
  await audit([
    {
      action: 'report.imported',
      objectType: 'outside_report',
      objectId: id,
      diff: {
        reporter: [null, `${kind} of ${reporter}`],
        rows: [null, rows],
        covers: [null, `${from.toISOString()} to ${until.toISOString()}`],
        sha256: [null, sha256],
      },
    },
  ])
  return id
}
