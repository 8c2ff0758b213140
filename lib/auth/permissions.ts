/** Roles and what each may do, as data. A permission is named once, here; pages, commands, the API, the documentation and the tests read it. */
export const PERMISSIONS = {
  'glossary:read': 'read the definitions of figures',
  'metrics:read': 'see figures',
  'rows:read': 'open the rows behind a figure',
  'rows:export': 'download rows as CSV',
  'ingest:read': 'see sources, quarantine and delivery',
  'ingest:replay': 'replay or dismiss quarantined events',
  'keys:manage': 'create and revoke API keys',
  'users:manage': 'create people and give them roles',
  'audit:read': 'read the audit log and every setting',
  'audit:verify': 'verify and export the audit log',
  'cases:read': 'see returns, their units, money and timeline',
  'evidence:read': 'see photos and documents of a case',
  'evidence:add': 'add photos and documents to a case',
  'evidence:hold': 'set and lift legal holds, and purge what is past its retention',
  'returns:create': 'create a return, and cancel it',
  'returns:decide': 'authorize or reject a return',
  'returns:label': 'make return labels',
  'units:receive': 'receive parcels',
  'units:inspect': 'inspect units and split them',
  'units:skip': 'leave a unit for later at a station',
  'units:dispose': 'decide what becomes of a unit, and move it',
  'units:override': 'decide against the disposition rule',
  'units:release': 'release restricted goods',
  'stock:count': 'count return zones',
  'stock:adjust': 'ask for a stock adjustment',
  'settlements:propose': 'propose refunds, exchanges and credits',
  'settlements:pay': 'retry and resolve payments',
  'approvals:read': 'see what waits for approval',
  'approvals:decide': 'approve or reject what waits for their role',
  'claims:read': 'see supplier claims',
  'claims:write': 'open, submit and settle supplier claims',
  'exceptions:read': 'see exceptions',
  'exceptions:resolve': 'assign and resolve exceptions',
  'journal:read': 'read the journal, the trial balance and the reconciliation',
  'journal:prepare': 'prepare manual entries and reversals',
  'close:sign': 'sign the tasks of a close',
  'periods:close': 'lock and close periods',
  'controls:read': 'see the controls, policies, codes and automation',
  'policies:edit': 'draft policies and simulate them',
  'policies:approve': 'approve policies',
  'codes:edit': 'map codes of outside systems, and set goods classes',
  'automation:edit': 'switch automation on and off, and set limits',
} as const

export type Permission = keyof typeof PERMISSIONS
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[]

interface Role {
  label: string
  /** Where the person lands after signing in. */
  home: string
  permissions: readonly Permission[]
}

const DEFINITIONS = ['glossary:read'] as const
const FIGURES = [...DEFINITIONS, 'metrics:read'] as const
const ROWS = [...FIGURES, 'rows:read'] as const
const FILES = [...ROWS, 'rows:export'] as const
const CASES = ['cases:read', 'evidence:read', 'exceptions:read', 'controls:read'] as const
const BOOKS = ['journal:read', 'claims:read', 'approvals:read'] as const

/**
 * The roles of a returns operation, each a job. A person may hold several; the permissions add up, and the pairs that nobody may hold together
 * are those of lib/returns/duties.ts.
 */
export const ROLES = {
  exec_viewer: { label: 'Executive', home: '/', permissions: [...ROWS, 'controls:read'] },
  merchandiser: { label: 'Merchandiser', home: '/', permissions: [...FILES, ...CASES, 'claims:read'] },
  cs_agent: {
    label: 'Customer service',
    home: '/returns',
    permissions: [
      ...ROWS,
      ...CASES,
      'approvals:read',
      'evidence:add',
      'returns:create',
      'returns:decide',
      'returns:label',
      'settlements:propose',
      'exceptions:resolve',
    ],
  },
  receiver: {
    label: 'Receiver',
    home: '/receiving',
    permissions: [...FIGURES, ...CASES, 'evidence:add', 'units:receive', 'exceptions:resolve'],
  },
  inspector: {
    label: 'Inspector',
    home: '/inspection',
    permissions: [...FIGURES, ...CASES, 'evidence:add', 'units:inspect', 'units:skip', 'exceptions:resolve'],
  },
  disposition_lead: {
    label: 'Disposition lead',
    home: '/returns',
    permissions: [
      ...ROWS,
      ...CASES,
      'evidence:add',
      'units:skip',
      'units:dispose',
      'units:override',
      'exceptions:resolve',
    ],
  },
  refund_approver_l1: {
    label: 'Refund approver, level 1',
    home: '/approvals',
    permissions: [...ROWS, ...CASES, 'approvals:read', 'approvals:decide', 'exceptions:resolve'],
  },
  refund_approver_l2: {
    label: 'Refund approver, level 2',
    home: '/approvals',
    permissions: [...ROWS, ...CASES, 'approvals:read', 'approvals:decide', 'exceptions:resolve'],
  },
  inventory_controller: {
    label: 'Inventory controller',
    home: '/exceptions',
    permissions: [...FILES, ...CASES, 'stock:count', 'stock:adjust', 'journal:read', 'exceptions:resolve'],
  },
  warehouse_manager: {
    label: 'Warehouse manager',
    home: '/exceptions',
    permissions: [...FILES, ...CASES, 'approvals:read', 'approvals:decide', 'exceptions:resolve'],
  },
  accountant: {
    label: 'Accountant',
    home: '/close',
    permissions: [
      ...FILES,
      ...CASES,
      ...BOOKS,
      'journal:prepare',
      'close:sign',
      'settlements:pay',
      'exceptions:resolve',
    ],
  },
  controller: {
    label: 'Controller',
    home: '/close',
    permissions: [
      ...FILES,
      ...CASES,
      ...BOOKS,
      'approvals:decide',
      'close:sign',
      'periods:close',
      'policies:approve',
      'exceptions:resolve',
    ],
  },
  vendor_recovery: {
    label: 'Vendor recovery',
    home: '/claims',
    permissions: [...FILES, ...CASES, 'evidence:add', 'claims:read', 'claims:write', 'exceptions:resolve'],
  },
  compliance_officer: {
    label: 'Compliance officer',
    home: '/exceptions',
    permissions: [
      ...ROWS,
      ...CASES,
      'evidence:add',
      'evidence:hold',
      'approvals:read',
      'approvals:decide',
      'units:release',
      'policies:edit',
      'policies:approve',
      'codes:edit',
      'exceptions:resolve',
    ],
  },
  integration_admin: {
    label: 'Integration administrator',
    home: '/settings/sources',
    permissions: [
      ...FIGURES,
      'ingest:read',
      'ingest:replay',
      'keys:manage',
      'controls:read',
      'codes:edit',
      'automation:edit',
    ],
  },
  user_admin: { label: 'User administrator', home: '/settings', permissions: [...DEFINITIONS, 'users:manage'] },
  privacy_officer: {
    label: 'Privacy officer',
    home: '/settings/retention',
    permissions: [...DEFINITIONS, 'evidence:hold'],
  },
  auditor: {
    label: 'Auditor',
    home: '/audit',
    permissions: [...FILES, ...CASES, ...BOOKS, 'ingest:read', 'audit:read', 'audit:verify'],
  },
} as const satisfies Record<string, Role>

export type RoleName = keyof typeof ROLES
export const ROLE_NAMES = Object.keys(ROLES) as RoleName[]
export const isRole = (value: string): value is RoleName => Object.hasOwn(ROLES, value)

const granted = (role: RoleName): readonly Permission[] => ROLES[role].permissions

/** Everything that somebody with these roles may do. */
export const permissionsOf = (roles: readonly RoleName[]): ReadonlySet<Permission> => new Set(roles.flatMap(granted))

/** The roles that carry a permission, by label: what a refusal tells. */
export const rolesWith = (permission: Permission): string[] =>
  ROLE_NAMES.filter((role) => granted(role).includes(permission)).map((role) => ROLES[role].label)

/** The page on which somebody begins: that of the first role they hold. */
export const homeOf = (roles: readonly RoleName[]): string => {
  const [first] = roles
  return first ? ROLES[first].home : '/'
}
