import { DAY, iso } from './calendar'
import { WORKFLOW } from './emitter'
import type { UnitCase } from './unit-case'
import { actor } from './unit-case'

const OWNER: Record<string, { role: string; severity: string; days: number; resolutions: string[] }> = {
  quantity_mismatch: {
    role: 'warehouse',
    severity: 'medium',
    days: 3,
    resolutions: ['recounted', 'customer_confirmed', 'accepted_short'],
  },
  missing_accessory: {
    role: 'inspector',
    severity: 'low',
    days: 4,
    resolutions: ['deduction_applied', 'sourced_from_stock', 'accepted'],
  },
  serial_conflict: {
    role: 'fraud',
    severity: 'high',
    days: 2,
    resolutions: ['refund_refused', 'customer_contacted', 'accepted'],
  },
  repeated_abuse: { role: 'fraud', severity: 'high', days: 5, resolutions: ['customer_blocked', 'watch_list'] },
  unmatched_receipt: {
    role: 'warehouse',
    severity: 'medium',
    days: 5,
    resolutions: ['matched_to_order', 'kept_as_found'],
  },
  late_shipment: { role: 'service', severity: 'low', days: 7, resolutions: ['arrived', 'traced_with_carrier'] },
  lost_shipment: { role: 'service', severity: 'medium', days: 10, resolutions: ['carrier_claim', 'written_off'] },
  over_credit: { role: 'finance', severity: 'high', days: 4, resolutions: ['accepted', 'clawed_back_next_order'] },
  duplicate_credit: {
    role: 'finance',
    severity: 'high',
    days: 4,
    resolutions: ['recovered_from_customer', 'written_off'],
  },
  fee_waiver: { role: 'service', severity: 'low', days: 1, resolutions: ['approved'] },
  policy_override: { role: 'service', severity: 'medium', days: 1, resolutions: ['approved'] },
}

/**
 * Raises an exception and, mostly, resolves it some days later. Returns its id.
 * `resolvedAt` fixes the day of the resolution (an approval that something waits for); `null` leaves it open.
 */
export function raise(
  self: UnitCase,
  kind: keyof typeof OWNER & string,
  at: number,
  resolvedAt?: number | null,
): string {
  const owner = OWNER[kind]
  if (!owner) throw new Error(`no owner for exceptions of kind ${kind}`)
  const id = `X-${self.id}-${kind}`
  const about = {
    exception_id: id,
    kind,
    unit_id: self.id,
    rma_id: self.unit.parcel.rma,
    severity: owner.severity,
    owner_role: owner.role,
  }
  self.out.put('exception.raised.v1', WORKFLOW, id, at, self.id, {
    ...about,
    due_at: iso(at + owner.days * DAY),
    actor: 'system',
  })
  const open = resolvedAt === null || (resolvedAt === undefined && self.random.chance(0.06))
  const done = resolvedAt ?? at + self.random.wait(owner.days * 0.7) * DAY + 60_000
  if (!open)
    self.out.put('exception.resolved.v1', WORKFLOW, `${id}-done`, done, self.id, {
      ...about,
      resolution: self.random.of(owner.resolutions),
      actor: actor(self, 'cs'),
    })
  return id
}
