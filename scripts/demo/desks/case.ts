import type { Actor } from '../../../lib/auth/actor'
import { checklistOf } from '../../../lib/returns/checklist'
import type { Condition, Finding } from '../../../lib/returns/codes'
import { execute } from '../../../lib/workflow/execute'
import type { Inspected } from '../../../lib/workflow/inspection/inspect'
import { commandNamed } from '../../../lib/workflow/registry'
import type { Requested } from '../../../lib/workflow/request/request'
import type { FreshLine } from './orders'
import type { Staff } from './staff'

const HOUR = 3_600_000

/** How far a case has come, and what is found on the way. */
export interface Journey {
  readonly reason: string
  readonly returnType?: 'refund' | 'exchange' | 'store_credit'
  readonly comment?: string
  readonly until: 'asked' | 'received' | 'inspected' | 'decided'
  readonly condition?: Condition
  readonly finding?: Finding
}

/** Does a command as somebody, at an instant: the very commands that the pages send. */
export async function act<Result>(actor: Actor, name: string, input: unknown, at: Date): Promise<Result> {
  const command = commandNamed(name)
  if (!command) throw new Error(`there is no command ${name}`)
  const { result } = await execute(actor, command, input, crypto.randomUUID(), at)
  return result as Result
}

/** Takes a return of one piece so far as `journey` says, on the days before `now`; answers its unit. */
export async function work(staff: Staff, line: FreshLine, journey: Journey, now: number): Promise<string> {
  const at = (hours: number) => new Date(now - hours * HOUR)
  const asked = await act<Requested>(
    staff.service,
    'return.request',
    {
      orderId: line.orderId,
      returnType: journey.returnType ?? 'refund',
      lines: [{ orderLineId: line.id, quantity: 1, reason: journey.reason, comment: journey.comment ?? '' }],
    },
    at(70),
  )
  const unitId = asked.units[0] ?? ''
  if (journey.until === 'asked') return unitId
  if (asked.decision === 'waiting')
    await act(
      staff.service,
      'return.authorize',
      { rmaId: asked.rmaId, reason: 'The customer sent photos of it.' },
      at(60),
    )
  await act(
    staff.receiver,
    'unit.receive',
    {
      ...{ unitId, facility: 'venlo', quantity: 1 },
      ...(line.serial ? { serial: line.serial } : {}),
      ...(line.lot ? { lot: line.lot } : {}),
    },
    at(22),
  )
  if (journey.until === 'received') return unitId
  const { proposal } = await act<Inspected>(
    staff.inspector,
    'unit.inspect',
    {
      unitId,
      condition: journey.condition ?? 'A',
      finding: journey.finding ?? 'as_new',
      checklist: Object.fromEntries(checklistOf(line.category).map(({ id }) => [id, true])),
      laborMinutes: 6,
      ...(line.serial ? { serial: line.serial } : {}),
    },
    at(5),
  )
  if (journey.until === 'decided' && proposal)
    await act(staff.lead, 'unit.dispose', { unitId, disposition: proposal.disposition }, at(3))
  return unitId
}
