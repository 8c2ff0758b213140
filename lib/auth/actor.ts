import { UserError } from '../errors'
import { PERMISSIONS, type Permission, type RoleName, rolesWith } from './permissions'

/** Which rows somebody may see; null is all of them. */
export interface Scope {
  entities: string[] | null
  facilities: string[] | null
  channels: string[] | null
}

export const EVERYTHING: Scope = { entities: null, facilities: null, channels: null }

/** Whoever asks: a signed-in person or an API key. Every read and write takes one and checks it where the data is. */
export interface Actor {
  kind: 'person' | 'key'
  /** The account's or the key's id. */
  userId: string
  name: string
  email: string
  roles: readonly RoleName[]
  permissions: ReadonlySet<Permission>
  scope: Scope
  /** The person's own time zone and locale, when set. */
  tz?: string
  locale?: string
}

export const can = (actor: Actor, permission: Permission): boolean => actor.permissions.has(permission)

/** Why something is closed to somebody's roles, as a page says it beside what they see; '' where it is open. */
export const whyNot = (actor: Actor, permission: Permission): string =>
  can(actor, permission) ? '' : `Your role may not ${PERMISSIONS[permission]}: ${rolesWith(permission).join(', ')} may.`

/** Throws a UserError (403, `parameter` is the permission) that says which roles have it. */
export function authorize(actor: Actor, permission: Permission): void {
  if (can(actor, permission)) return
  const roles = rolesWith(permission)
  throw new UserError(
    'forbidden',
    `You may not ${PERMISSIONS[permission]}. Roles that may: ${roles.join(', ')}. A user administrator can give you one.`,
    403,
    permission,
  )
}
