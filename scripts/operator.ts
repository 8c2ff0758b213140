import { userInfo } from 'node:os'
import { type Actor, EVERYTHING } from '../lib/auth/actor'
import { PERMISSION_NAMES } from '../lib/auth/permissions'

/** Whoever works at the machine itself, by their name there: they hold the databases anyway, and the audit log says that it was them. */
export function operator(): Actor {
  const { username } = userInfo()
  return {
    ...{ kind: 'person', userId: `cli:${username}`, name: username, email: '', roles: [], scope: EVERYTHING },
    permissions: new Set(PERMISSION_NAMES),
  }
}
