import type { NextRequest } from 'next/server'
import { policyKind } from '@/app/api/v1/policies/[kind]/simulate/policy-kind'
import { authorize, can } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'
import { CSV_TYPE, type CsvValue, spoolCsv } from '@/lib/csv'
import { errorBody, UserError } from '@/lib/errors'
import { humanize } from '@/lib/format'
import { simulatedKind } from '@/lib/returns/simulation-kinds'
import { allSimulatedCases, simulationRun } from '@/lib/workflow/read/simulation'
import type { SimulatedCase } from '@/lib/workflow/read/simulation-types'
import { simulationParams } from '../asked-simulation'
import { rowWords, verdictWords } from '../view'

const ABOUT = {
  returns: ['asked', 'reason', 'channel', 'category'],
  routing: ['asked', 'reason', 'channel', 'category'],
  disposition: ['decided', 'category', 'condition', 'finding', 'really'],
  approval: ['asked', 'subject', 'id', 'channel', 'category'],
} as const

/** Every case of a simulation that would have been another, with what was tried and its figures in the head. */
export async function GET(request: NextRequest, { params }: { params: Promise<{ kind: string }> }): Promise<Response> {
  const actor = await currentActor()
  if (!actor) return Response.json(errorBody(new UserError('no_session', 'Sign in again.', 401)), { status: 401 })
  try {
    // Whoever tries policies sees these cases on the page, a hundred at a time.
    if (!can(actor, 'policies:edit')) authorize(actor, 'rows:export')
    const name = policyKind((await params).kind)
    const kind = simulatedKind(name)
    const { run: id, verdict, row } = simulationParams(Object.fromEntries(request.nextUrl.searchParams))
    const run = await simulationRun(actor, name, id ?? '')
    const about = ABOUT[name]
    const columns = [
      ...['Return', 'Unit', 'Quantity', ...about.map(humanize), 'Row before', 'Row after'],
      ...[`${kind.verdict} before`, `${kind.verdict} after`],
      ...kind.figures.flatMap(({ label }) => [`${label} before`, `${label} after`]),
      ...(kind.speed ? ['Days to the money before', 'Days to the money after'] : []),
    ]
    const lineOf = (each: SimulatedCase): CsvValue[] => [
      ...[each.rmaId, each.unitId, each.quantity, ...about.map((key) => each.about[key] ?? '')],
      ...[rowWords(name, each.before.row), rowWords(name, each.after.row)],
      ...[verdictWords(name, each.before.verdict), verdictWords(name, each.after.verdict)],
      ...kind.figures.flatMap((figure) => [each.before.sums[figure.id] ?? '0', each.after.sums[figure.id] ?? '0']),
      ...(kind.speed ? [each.before.days, each.after.days] : []),
    ]
    const pages = async function* () {
      for await (const page of allSimulatedCases(run.id, { verdict, row })) yield page.map(lineOf)
    }
    const spool = await spoolCsv(columns, pages())
    const { result } = run
    const head: [string, CsvValue][] = [
      ['Policy', `${name}, version ${run.version} against version ${run.against}`],
      ['Table', run.hash],
      ['Span', `${run.from} to ${run.to}, ${run.tz}`],
      ['Channel', run.channel || 'every channel'],
      ['Category', run.category || 'every category'],
      ['Units judged', result?.units ?? 0],
      ['Units that would have been another', result?.changedUnits ?? 0],
      ...(result?.figures ?? []).flatMap((each): [string, CsvValue][] => {
        const label = kind.figures.find((figure) => figure.id === each.id)?.label ?? each.id
        return [
          [`${label} before, ${result?.currency}`, each.before],
          [`${label} after, ${result?.currency}`, each.after],
        ]
      }),
      ['Rows', spool.count],
    ]
    return new Response(spool.stream(head), {
      headers: {
        'content-type': CSV_TYPE,
        'content-disposition': `attachment; filename="simulation_${name}_${run.version}.csv"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    if (error instanceof UserError) return Response.json(errorBody(error), { status: error.status })
    throw error
  }
}
