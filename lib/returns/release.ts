import type { ReleaseRule } from './eligibility'

/** When a unit reached what money may wait for; null = not yet. */
export interface Reached {
  readonly inTransitAt: Date | null
  readonly deliveredAt: Date | null
  readonly receivedAt: Date | null
  readonly inspectedAt: Date | null
}

/**
 * When the condition of a release rule was met; null while it is not. `at_once` is met by the request. A manual one is met by a person's approval,
 * of which the unit knows nothing.
 */
export function releasedAt(rule: ReleaseRule, requestedAt: Date, unit: Reached): Date | null {
  switch (rule) {
    case 'at_once':
      return requestedAt
    case 'on_scan':
      return unit.inTransitAt ?? unit.deliveredAt ?? unit.receivedAt
    case 'on_receipt':
      return unit.receivedAt
    case 'on_inspection':
      return unit.inspectedAt
    default:
      return null
  }
}

const LONG_AGO = new Date(0)

/** Whether the condition of a release rule is met. A manual one is met by a person's approval itself. */
export const isReleased = (rule: ReleaseRule, unit: Reached): boolean => releasedAt(rule, LONG_AGO, unit) !== null
