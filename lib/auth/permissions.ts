/**
 * Roles and what each may do, as data. A permission is named once, here; pages, actions, the API, the documentation and the tests read it.
 * Who may do what on the work itself (approve, receive, post …) comes with the workflow; these are the permissions of what exists.
 */
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

/** The roles of a returns operation, each a job. A person may hold several; the permissions add up. */
export const ROLES = {
  exec_viewer: { label: 'Executive', home: '/', permissions: ROWS },
  merchandiser: { label: 'Merchandiser', home: '/', permissions: FILES },
  cs_agent: { label: 'Customer service', home: '/', permissions: ROWS },
  receiver: { label: 'Receiver', home: '/', permissions: FIGURES },
  inspector: { label: 'Inspector', home: '/', permissions: FIGURES },
  disposition_lead: { label: 'Disposition lead', home: '/', permissions: ROWS },
  refund_approver_l1: { label: 'Refund approver, level 1', home: '/', permissions: ROWS },
  refund_approver_l2: { label: 'Refund approver, level 2', home: '/', permissions: ROWS },
  inventory_controller: { label: 'Inventory controller', home: '/', permissions: FILES },
  warehouse_manager: { label: 'Warehouse manager', home: '/', permissions: FILES },
  accountant: { label: 'Accountant', home: '/', permissions: FILES },
  controller: { label: 'Controller', home: '/', permissions: FILES },
  vendor_recovery: { label: 'Vendor recovery', home: '/', permissions: FILES },
  compliance_officer: { label: 'Compliance officer', home: '/', permissions: ROWS },
  integration_admin: {
    label: 'Integration administrator',
    home: '/',
    permissions: [...FIGURES, 'ingest:read', 'ingest:replay', 'keys:manage'],
  },
  user_admin: { label: 'User administrator', home: '/glossary', permissions: [...DEFINITIONS, 'users:manage'] },
  privacy_officer: { label: 'Privacy officer', home: '/glossary', permissions: DEFINITIONS },
  auditor: { label: 'Auditor', home: '/', permissions: [...FILES, 'ingest:read', 'audit:read'] },
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
