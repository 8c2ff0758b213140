import { type Exclusion, exclusionOf, ROLE_DUTIES, ROLE_DUTY_WORDS, type RoleDuty } from '../returns/role-duties'
import { type Permission, permissionsOf, ROLE_NAMES, ROLES, type RoleName } from './permissions'

/** The permissions that make a duty. To approve is one permission for many things: what a role approves is told below. */
const MAKES: Readonly<Partial<Record<RoleDuty, readonly Permission[]>>> = {
  request: ['returns:create', 'settlements:propose'],
  receive: ['units:receive'],
  inspect: ['units:inspect'],
  dispose: ['units:dispose'],
  pay: ['settlements:pay'],
  adjust_request: ['stock:adjust'],
  prepare_journal: ['journal:prepare'],
  approve_journal: ['periods:close'],
  policy: ['policies:edit', 'policies:approve'],
  users: ['users:manage'],
  integrations: ['keys:manage'],
}

/** What a role says yes to, as the approval policy is delivered; a test holds the two together. */
const APPROVES: Readonly<Partial<Record<RoleName, readonly RoleDuty[]>>> = {
  refund_approver_l1: ['approve_refund'],
  refund_approver_l2: ['approve_refund'],
  warehouse_manager: ['adjust_approve'],
  controller: ['approve_refund', 'adjust_approve', 'approve_journal'],
}

/** The duties that a role gives. */
export function dutiesOf(role: RoleName): RoleDuty[] {
  const may = permissionsOf([role])
  return ROLE_DUTIES.filter(
    (duty) => MAKES[duty]?.some((each) => may.has(each)) === true || APPROVES[role]?.includes(duty) === true,
  )
}

/** Two duties that come together in one person, from which roles, and how they go together. */
export interface Pair {
  readonly roles: readonly [RoleName, RoleName]
  readonly duties: readonly [RoleDuty, RoleDuty]
  readonly exclusion: Exclusion
}

/**
 * What two roles bring together that neither has alone: a role as it is delivered is one job by design, and what lies within it is shown and not
 * refused.
 */
export function pairsBetween(a: RoleName, b: RoleName): Pair[] {
  if (a === b) return []
  const [own, other] = [dutiesOf(a), dutiesOf(b)]
  const within = (duties: readonly RoleDuty[], x: RoleDuty, y: RoleDuty) => duties.includes(x) && duties.includes(y)
  return own.flatMap((x) =>
    other.flatMap((y): Pair[] => {
      const exclusion = exclusionOf(x, y)
      if (!exclusion || within(own, x, y) || within(other, x, y)) return []
      return [{ roles: [a, b], duties: [x, y], exclusion }]
    }),
  )
}

/** Everything that these roles bring together. */
export const pairsOf = (roles: readonly RoleName[]): Pair[] =>
  roles.flatMap((a, index) => roles.slice(index + 1).flatMap((b) => pairsBetween(a, b)))

/** Roles that no person holds together, in the order of ROLE_NAMES: what the database's own control reads. */
export const ROLE_CONFLICTS: readonly (readonly [RoleName, RoleName])[] = ROLE_NAMES.flatMap((a, index) =>
  ROLE_NAMES.slice(index + 1).flatMap((b) =>
    pairsBetween(a, b).some(({ exclusion }) => exclusion === 'never') ? [[a, b] as const] : [],
  ),
)

/** The conflicts among these roles, each pair in the order of ROLE_NAMES. */
export const conflictsOf = (roles: readonly string[]): (readonly [RoleName, RoleName])[] =>
  ROLE_CONFLICTS.filter(([a, b]) => roles.includes(a) && roles.includes(b))

/** Why two roles exclude each other, as a sentence. */
export function conflictWords([a, b]: readonly [RoleName, RoleName]): string {
  const pair = pairsBetween(a, b).find(({ exclusion }) => exclusion === 'never')
  const does = (duty: RoleDuty | undefined) => (duty ? ROLE_DUTY_WORDS[duty].toLowerCase() : '')
  return `${ROLES[a].label} and ${ROLES[b].label} exclude each other: nobody may both ${does(pair?.duties[0])} and ${does(pair?.duties[1])}.`
}
