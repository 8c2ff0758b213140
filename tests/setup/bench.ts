import type { Actor } from '../../lib/auth/actor'
import { pool } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import type { Condition } from '../../lib/returns/codes'
import { execute } from '../../lib/workflow/execute'
import { inspect } from '../../lib/workflow/inspection/inspect'
import { receive } from '../../lib/workflow/receipt/receive'
import { commandNamed } from '../../lib/workflow/registry'
import { onItsWay, openFacility, somebody } from './cases'

export const jo = somebody('jo', ['receiver'])
export const agnieszka = somebody('agnieszka', ['inspector'])
export const ruben = somebody('ruben', ['disposition_lead'])
export const hugo = somebody('hugo', ['compliance_officer'])
export const all = somebody('all', ['receiver', 'inspector', 'disposition_lead'])

/** A place to work at, and a supplier who takes things back. */
export async function openBench(): Promise<void> {
  await openFacility()
  await pool().query(
    `INSERT INTO supplier (id, name, country, coverage, window_days, currency) VALUES ('SUP', 'Supplier', 'DE', 0.8, 60, 'EUR')`,
  )
}

export const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof UserError ? error.code : `not refused: ${String(error)}`
}
export const approve = (by: Actor, input: unknown) => {
  const command = commandNamed('approval.approve')
  if (!command) throw new Error('there is no command to approve')
  return execute(by, command, input)
}
export const line = (id: string, over: object = {}) => ({
  id,
  sku: `S-${id}`,
  quantity: 1,
  net: '50',
  unitCost: '20',
  ...over,
})
export const CLEAN = { tags: true, clean: true }

/** A unit that was received by Jo and looked at by Agnieszka. */
export async function looked(
  id: string,
  seen: { condition?: Condition; finding?: string } = {},
  over: object = {},
): Promise<string> {
  const { unit } = await onItsWay(line(id, over))
  await execute(jo, receive, { unitId: unit, lot: 'L-1' })
  await execute(agnieszka, inspect, { unitId: unit, condition: 'B', finding: 'as_new', checklist: CLEAN, ...seen })
  return unit
}
