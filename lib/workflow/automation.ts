import { type Database, run, type Transaction } from '../db/client'
import { statement } from '../db/statement'
import { audit } from './record/audit'
import type { Doer } from './record/types'

/** What the product does by itself, each with a switch. */
export const AUTOMATIONS = {
  policy_approval: { title: 'Approve by policy', does: 'authorizes or rejects a request when the policy row is clear' },
  routing: { title: 'Route returns', does: 'sends a return to the facility that the routing table names' },
  label: { title: 'Make labels', does: 'makes the return label when a return is authorized' },
  status_on_scan: { title: 'Follow scans', does: 'moves units on when a carrier or a warehouse has scanned them' },
  conditional_refund: {
    title: 'Conditional refund',
    does: 'proposes the settlement when its release condition is met',
  },
  restocking_fee: { title: 'Restocking fee', does: 'keeps the fee that the policy row names' },
  disposition: { title: 'Propose dispositions', does: 'proposes what becomes of an inspected unit' },
  vendor_claim: { title: 'Open vendor claims', does: 'opens a claim when an agreement covers what was found' },
  exceptions: { title: 'Raise exceptions', does: 'raises what contradicts, is missing or is late' },
} as const

export type AutomationId = keyof typeof AUTOMATIONS

/** Who an automation is in the audit log, the timeline and the events. */
export const automaton = (id: AutomationId): Doer => ({
  kind: 'automation',
  id,
  name: AUTOMATIONS[id].title,
  roles: [],
})

/** Whether an automation is on; it is unless somebody switched it off. */
export async function enabled(on: Database | Transaction, id: AutomationId): Promise<boolean> {
  const { rows } = await run<{ enabled: boolean }>(on, ENABLED, [id])
  return rows[0]?.enabled ?? true
}
const ENABLED = statement('SELECT enabled FROM automation WHERE id = $1')

/** Notes that an automation acted on something, and why: the reason stands in the case's timeline. */
export const did = (
  tx: Transaction,
  id: AutomationId,
  at: Date,
  about: { rmaId?: string; objectId?: string; reason: string },
): Promise<void> =>
  audit(
    tx,
    automaton(id),
    at,
    [
      {
        action: 'automation.did',
        objectType: 'automation',
        objectId: id,
        rmaId: about.rmaId ?? '',
        diff: { on: about.objectId ?? '' },
      },
    ],
    { reason: about.reason },
  )

/** Notes that a person decided otherwise than an automation had proposed. */
export const overrode = (
  tx: Transaction,
  id: AutomationId,
  doer: Doer,
  at: Date,
  about: { rmaId?: string; objectId?: string; reason: string },
): Promise<void> =>
  audit(
    tx,
    doer,
    at,
    [
      {
        action: 'automation.overridden',
        objectType: 'automation',
        objectId: id,
        rmaId: about.rmaId ?? '',
        diff: { on: about.objectId ?? '' },
      },
    ],
    { reason: about.reason },
  )
