import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
  type RoleName,
  rolesWith,
} from './permissions'

/** The table of docs/access.md, which says it a second time on purpose: a change of who may do what is made knowingly in both places. */
const page = readFileSync(join(import.meta.dirname, '../../docs/access.md'), 'utf8')
const [, , ...body] = (page.match(/^\| Role \|.*\n(?:\|.*\n)+/m)?.[0] ?? '')
  .trim()
  .split('\n')
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
const documented = body.map(([first = '', may = '']) => {
  const [, label, role = ''] = /^(.*) \(`(.*)`\)$/.exec(first) ?? []
  return { label, role, may: [...may.matchAll(/`([^`]+)`/g)].map(([, name]) => name) }
})
const meanings = [...page.matchAll(/^\| `([a-z]+:[a-z]+)` \| (.*) \|$/gm)].map(([, name, does]) => [name, does])

const somebody = (role: RoleName): Actor => ({
  kind: 'person',
  userId: role,
  name: role,
  email: `${role}@example.com`,
  roles: [role],
  permissions: permissionsOf([role]),
  scope: EVERYTHING,
})

test('the page names every role and every permission, in the order of the table', () => {
  expect(meanings).toEqual(Object.entries(PERMISSIONS))
  expect(documented.map(({ role }) => role)).toEqual(ROLE_NAMES)
  expect(documented.map(({ label }) => label)).toEqual(ROLE_NAMES.map((role) => ROLES[role].label))
})

const cells = ROLE_NAMES.flatMap((role, row) =>
  PERMISSION_NAMES.map((permission) => [role, permission, documented[row]?.may.includes(permission) === true] as const),
)

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
  expect(permissionsOf(['receiver', 'user_admin'])).toEqual(
    new Set([...permissionsOf(['receiver']), ...permissionsOf(['user_admin'])]),
  )
  expect(permissionsOf(['receiver', 'user_admin']).has('users:manage')).toBe(true)
  expect(permissionsOf([])).toEqual(new Set())
  expect(homeOf(['user_admin', 'auditor'])).toBe('/settings')
  expect(homeOf([])).toBe('/')
})

test('a name that every object has is no role', () => {
  expect(isRole('constructor')).toBe(false)
  expect(isRole('auditor')).toBe(true)
  for (const role of ROLE_NAMES) expect(ROLES[role].label).not.toBe('')
})
