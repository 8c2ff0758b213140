import { type Actor, EVERYTHING } from '../../lib/auth/actor'
import type { Permission } from '../../lib/auth/permissions'

/** Somebody who reads figures of the whole company, and may do no more than that and what is named. */
export const reading = (...more: readonly Permission[]): Actor => ({
  kind: 'person',
  userId: 'reader',
  name: 'Reader',
  email: 'reader@example.com',
  roles: ['auditor'],
  permissions: new Set(['metrics:read', ...more]),
  scope: EVERYTHING,
})
