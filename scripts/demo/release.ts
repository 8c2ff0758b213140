import { DAY, HOUR, MINUTE } from './calendar'
import type { Random } from './prng'
import type { ReturnUnit } from './requests'
import type { ReleaseRule, UnitCase } from './unit-case'

/** When the money is let go, and on what ground. */
export interface Release {
  at: number
  cause: ReleaseRule | 'lost_in_transit'
  /** The goods were inspected first. */
  seen: boolean
}

/**
 * The release rule of the policy by channel, segment and value: at once, when the carrier scans the parcel, on receipt, or on
 * inspection. Nothing, while what it waits for has not happened.
 */
export function releaseOf(self: UnitCase): Release | undefined {
  const { journey, random } = self
  const { rule } = self
  if (rule === 'on_request' && journey.authorizedAt)
    return { at: journey.authorizedAt + random.between(1, 30) * MINUTE, cause: rule, seen: false }
  if (journey.cancelledAt) return undefined
  if (rule === 'on_scan' && journey.scannedAt)
    return { at: journey.scannedAt + random.between(0.5, 5) * HOUR, cause: rule, seen: false }
  if (journey.lostAt)
    return { at: journey.lostAt + random.between(0.5, 3) * DAY, cause: 'lost_in_transit', seen: false }
  if (rule === 'on_receipt' && self.receivedAt && !journey.blind)
    return { at: self.receivedAt + random.between(0.3, 8) * HOUR, cause: rule, seen: false }
  if (!self.inspectedAt) return undefined
  return { at: self.inspectedAt + random.lognormal(0.28, 0.8) * DAY, cause: 'on_inspection', seen: true }
}

/** The rule for a unit, known from the request on. */
export function ruleOf(unit: ReturnUnit, random: Random): ReleaseRule {
  const { order, net, quantity } = unit.line
  const draw = random.next()
  if (unit.ring) return draw < 0.8 ? 'on_scan' : 'on_inspection'
  if (unit.type === 'wholesale' || unit.type === 'warranty') return 'on_inspection'
  if (unit.type === 'exchange') return draw < 0.6 ? 'on_scan' : 'on_inspection'
  if (unit.type === 'refused') return 'on_receipt'
  if (order.channel.id === 'amazon-de') return draw < 0.5 ? 'on_scan' : draw < 0.56 ? 'on_request' : 'on_inspection'
  if (order.segment === 'vip') return draw < 0.04 ? 'on_request' : draw < 0.8 ? 'on_scan' : 'on_inspection'
  if (draw < 0.004) return 'on_request'
  return net / quantity < 4000 && draw < 0.34 ? 'on_receipt' : draw < 0.1 ? 'on_scan' : 'on_inspection'
}
