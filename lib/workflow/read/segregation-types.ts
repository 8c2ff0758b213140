import type { RoleName } from '../../auth/permissions'
import type { Exclusion, RoleDuty } from '../../returns/role-duties'

/** Two duties: how they go together, who could do both, and whether anybody did. */
export interface DutyPair {
  readonly first: RoleDuty
  readonly second: RoleDuty
  readonly exclusion: Exclusion
  /** How many active people could do both. */
  readonly people: number
  /** Units or cases on which one person did both in 90 days. */
  readonly both: number
}

/** A person who holds two duties that should be apart. */
export interface Holder {
  readonly id: string
  readonly name: string
  readonly duties: readonly [RoleDuty, RoleDuty]
  readonly exclusion: Exclusion
  readonly roles: readonly RoleName[]
  /** They come with one role, as it is delivered. */
  readonly within: boolean
  /** Who watches over it and until when; '' where nobody does or must. */
  readonly owner: string
  readonly until: string | null
  readonly state: 'watched' | 'over' | 'none' | 'free'
  /** How often they did the one and the other in 90 days. */
  readonly did: readonly [number, number]
}

export interface SegregationView {
  readonly duties: readonly RoleDuty[]
  readonly roles: readonly {
    readonly role: RoleName
    readonly label: string
    readonly duties: readonly RoleDuty[]
    readonly people: number
  }[]
  readonly pairs: readonly DutyPair[]
  readonly holders: readonly Holder[]
  /** How often in 90 days the database refused somebody the second half. */
  readonly refused: number
}
