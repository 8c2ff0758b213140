import { expect, test } from 'vitest'
import { type Actor, authorize, can, EVERYTHING } from './actor'
import { PERMISSIONS, type Permission, permissionsOf, ROLE_NAMES, ROLES, rolesWith } from './permissions'

const all = Object.keys(PERMISSIONS) as Permission[]
const somebody = (role: (typeof ROLE_NAMES)[number]): Actor => ({
  kind: 'person',
  userId: role,
  name: role,
  email: `${role}@example.com`,
  roles: [role],
  permissions: permissionsOf([role]),
  scope: EVERYTHING,
})

test.each(ROLE_NAMES.flatMap((role) => all.map((permission) => [role, permission] as const)))(
  '%s and %s: allowed exactly when the table says so',
  (role, permission) => {
    const allowed = (ROLES[role].permissions as readonly Permission[]).includes(permission)
    expect(can(somebody(role), permission)).toBe(allowed)
    if (allowed) authorize(somebody(role), permission)
    else expect(() => authorize(somebody(role), permission)).toThrow(PERMISSIONS[permission])
  },
)

test('every permission can be had, and nobody who manages people sees figures by that alone', () => {
  for (const permission of all) expect(rolesWith(permission), permission).not.toEqual([])
  expect(can(somebody('user_admin'), 'metrics:read')).toBe(false)
})
