import type { ReleaseRule } from './eligibility'

/** When a unit reached what money may wait for; null = not yet. */
export interface Reached {
  readonly inTransitAt: Date | null
  readonly deliveredAt: Date | null
  readonly receivedAt: Date | null
  readonly inspectedAt: Date | null
}

/** Whether the condition of a release rule is met. A manual one is met by a person's approval itself. */
export function isReleased(rule: ReleaseRule, unit: Reached): boolean {
  switch (rule) {
    case 'at_once':
      return true
    case 'on_scan':
      return (unit.inTransitAt ?? unit.deliveredAt ?? unit.receivedAt) !== null
    case 'on_receipt':
      return unit.receivedAt !== null
    case 'on_inspection':
      return unit.inspectedAt !== null
    default:
      return false
  }
}
