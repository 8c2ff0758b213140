import type { NextRequest } from 'next/server'
import { authorize } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, spoolCsv } from '@/lib/csv'
import { errorBody, UserError } from '@/lib/errors'
import { formatUnits, parseAmount } from '@/lib/money'
import { claimsBoard } from '@/lib/workflow/read/claims'
import { claimsParams } from '../asked-claims'

const COLUMNS = [
  ...['Supplier', 'Unit', 'Claim', 'Batch', 'Return', 'SKU', 'Quantity', 'Facility', 'Condition', 'Status'],
  ...[
    'Currency',
    'Amount',
    'Accepted',
    'Recovered',
    'Written off',
    'Outstanding',
    'Window until',
    'Since',
    'Reference',
  ],
]

/** Every line of a stage, of all suppliers or of one, with its control total in the head. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    authorize(actor, 'rows:export')
    const { stage, supplierId } = claimsParams(Object.fromEntries(request.nextUrl.searchParams))
    const board = await claimsBoard(actor, { stage, ...(supplierId ? { supplierId } : {}), all: true })
    const rows = board.suppliers.flatMap(({ name, lines }) =>
      lines.map((line): CsvValue[] => [
        ...[name, line.unitId, line.claimId, line.batchId, line.rmaId, line.sku, line.quantity, line.facility],
        ...[line.condition, line.status, line.currency, line.amount, line.accepted, line.recovered, line.writtenOff],
        ...[line.outstanding, line.windowUntil, line.since, line.reference],
      ]),
    )
    const totals = board.suppliers.flatMap(({ totals: each }) => each)
    const currencies = [...new Set(totals.map(({ currency }) => currency))].sort()
    const spool = await spoolCsv(COLUMNS, pages(rows))
    const head: [string, CsvValue][] = [
      ['Claims', stage],
      ['As of', new Date().toISOString()],
      ['Rows', spool.count],
      ...currencies.map((currency): [string, CsvValue] => [
        `Total at this stage, ${currency}`,
        formatUnits(
          totals.reduce((sum, each) => sum + (each.currency === currency ? (parseAmount(each.amount) ?? 0n) : 0n), 0n),
        ),
      ]),
    ]
    return new Response(spool.stream(head), {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="claims_${stage}.csv"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}

async function* pages(rows: CsvValue[][]) {
  yield rows
}
