import { expect, test } from 'vitest'
import { type Actor, authorize, can, EVERYTHING } from './actor'
import {
  homeOf,
  isRole,
  PERMISSION_NAMES,
  PERMISSIONS,
  permissionsOf,
  ROLE_NAMES,
  ROLES,
  rolesWith,
} from './permissions'

/**
 * Who may do what, written down a second time on purpose: a change of the table must be made knowingly in both places.
 * Columns: glossary, figures, rows, export, see ingest, replay, keys, users, audit.
 */
const MATRIX: Record<(typeof ROLE_NAMES)[number], string> = {
  exec_viewer: 'y y y - - - - - -',
  merchandiser: 'y y y y - - - - -',
  cs_agent: 'y y y - - - - - -',
  receiver: 'y y - - - - - - -',
  inspector: 'y y - - - - - - -',
  disposition_lead: 'y y y - - - - - -',
  refund_approver_l1: 'y y y - - - - - -',
  refund_approver_l2: 'y y y - - - - - -',
  inventory_controller: 'y y y y - - - - -',
  warehouse_manager: 'y y y y - - - - -',
  accountant: 'y y y y - - - - -',
  controller: 'y y y y - - - - -',
  vendor_recovery: 'y y y y - - - - -',
  compliance_officer: 'y y y - - - - - -',
  integration_admin: 'y y - - y y y - -',
  user_admin: 'y - - - - - - y -',
  privacy_officer: 'y - - - - - - - -',
  auditor: 'y y y y y - - - y',
}

const somebody = (role: (typeof ROLE_NAMES)[number]): Actor => ({
  kind: 'person',
  userId: role,
  name: role,
  email: `${role}@example.com`,
  roles: [role],
  permissions: permissionsOf([role]),
  scope: EVERYTHING,
})

const cells = ROLE_NAMES.flatMap((role) => {
  const marks = MATRIX[role].split(' ')
  return PERMISSION_NAMES.map((permission, at) => [role, permission, marks[at] === 'y'] as const)
})

test.each(cells)('%s and %s: %s', (role, permission, allowed) => {
  expect(can(somebody(role), permission)).toBe(allowed)
  if (allowed) authorize(somebody(role), permission)
  else {
    expect(() => authorize(somebody(role), permission)).toThrow(
      expect.objectContaining({ code: 'forbidden', status: 403, parameter: permission }),
    )
  }
})

test('a refusal says what was refused and which roles may', () => {
  expect(() => authorize(somebody('receiver'), 'keys:manage')).toThrow(
    /may not create and revoke API keys.*Integration administrator/,
  )
})

test('every permission can be had, and nobody who manages people sees figures by that alone', () => {
  for (const permission of PERMISSION_NAMES) expect(rolesWith(permission), PERMISSIONS[permission]).not.toEqual([])
  expect(can(somebody('user_admin'), 'metrics:read')).toBe(false)
})

test('the permissions of several roles add up, and the first role decides where the person begins', () => {
  expect(permissionsOf(['receiver', 'user_admin'])).toEqual(new Set(['glossary:read', 'metrics:read', 'users:manage']))
  expect(permissionsOf([])).toEqual(new Set())
  expect(homeOf(['user_admin', 'auditor'])).toBe('/glossary')
  expect(homeOf([])).toBe('/')
})

test('a name that every object has is no role', () => {
  expect(isRole('constructor')).toBe(false)
  expect(isRole('auditor')).toBe(true)
  for (const role of ROLE_NAMES) expect(ROLES[role].label).not.toBe('')
})
