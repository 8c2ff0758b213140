import type { NextRequest } from 'next/server'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, spoolCsv } from '@/lib/csv'
import { errorBody, UserError } from '@/lib/errors'
import { EXPORT_PROFILES, journalExport } from '@/lib/workflow/read/journal-export'

/** A period's journal as a file. Nothing in it says when or by whom it was made: the same content is the same bytes. */
export async function GET(request: NextRequest): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  const asked = request.nextUrl.searchParams
  const profile = EXPORT_PROFILES.find((each) => each === (asked.get('profile') ?? 'itemized'))
  const entity = asked.get('entity') ?? ''
  const period = asked.get('period') ?? ''
  try {
    if (!profile)
      throw new UserError('invalid_profile', `The profile is one of ${EXPORT_PROFILES.join(', ')}.`, 400, 'profile')
    const file = await journalExport(actor, entity, period, profile)
    const spool = await spoolCsv(file.columns, file.pages)
    // What an ERP imports begins with its columns; what people read begins with what it is.
    const head: [string, CsvValue][] =
      profile === 'netsuite'
        ? []
        : [
            ['Journal', profile],
            ['Entity', entity],
            ['Period', period],
            ...file.totals.flatMap(({ currency, debit, credit, lines }): [string, CsvValue][] => [
              [`Lines, ${currency}`, lines],
              [`Debit, ${currency}`, debit],
              [`Credit, ${currency}`, credit],
            ]),
          ]
    return new Response(spool.stream(head), {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="journal_${entity.replace(/[^\w-]/g, '_')}_${period}_${profile}.csv"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}
