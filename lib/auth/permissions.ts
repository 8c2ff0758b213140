/**
 * Roles and what each may do, as data. A permission is named once, here; pages, actions, the API, the documentation and the tests read it.
 * Who may do what on the work itself (approve, receive, post …) comes with the workflow; these are the permissions of what exists.
 */
export const PERMISSIONS = {
  'metrics:read': 'see figures and their definitions',
  'rows:read': 'open the rows behind a figure',
  'rows:export': 'download rows as CSV',
  'ingest:read': 'see sources, quarantine and delivery',
  'ingest:replay': 'replay or dismiss quarantined events',
  'keys:manage': 'create and revoke API keys',
  'users:manage': 'create people and give them roles',
  'audit:read': 'read the audit log and every setting',
} as const

export type Permission = keyof typeof PERMISSIONS

interface Role {
  label: string
  /** Where the person lands after signing in. */
  home: string
  permissions: readonly Permission[]
}

const FIGURES = ['metrics:read', 'rows:read'] as const
const FIGURES_AND_FILES = [...FIGURES, 'rows:export'] as const

/** The roles of reliability.md, section 7.1. A person may hold several; the permissions add up. */
export const ROLES = {
  exec_viewer: { label: 'Executive', home: '/', permissions: FIGURES },
  merchandiser: { label: 'Merchandiser', home: '/', permissions: FIGURES_AND_FILES },
  cs_agent: { label: 'Customer service', home: '/', permissions: FIGURES },
  receiver: { label: 'Receiver', home: '/', permissions: ['metrics:read'] },
  inspector: { label: 'Inspector', home: '/', permissions: ['metrics:read'] },
  disposition_lead: { label: 'Disposition lead', home: '/', permissions: FIGURES },
  refund_approver_l1: { label: 'Refund approver, level 1', home: '/', permissions: FIGURES },
  refund_approver_l2: { label: 'Refund approver, level 2', home: '/', permissions: FIGURES },
  inventory_controller: { label: 'Inventory controller', home: '/', permissions: FIGURES_AND_FILES },
  warehouse_manager: { label: 'Warehouse manager', home: '/', permissions: FIGURES_AND_FILES },
  accountant: { label: 'Accountant', home: '/', permissions: FIGURES_AND_FILES },
  controller: { label: 'Controller', home: '/', permissions: FIGURES_AND_FILES },
  vendor_recovery: { label: 'Vendor recovery', home: '/', permissions: FIGURES_AND_FILES },
  compliance_officer: { label: 'Compliance officer', home: '/', permissions: FIGURES },
  integration_admin: {
    label: 'Integration administrator',
    home: '/',
    permissions: ['metrics:read', 'ingest:read', 'ingest:replay', 'keys:manage'],
  },
  user_admin: { label: 'User administrator', home: '/glossary', permissions: ['users:manage'] },
  privacy_officer: { label: 'Privacy officer', home: '/glossary', permissions: ['audit:read'] },
  auditor: { label: 'Auditor', home: '/', permissions: [...FIGURES_AND_FILES, 'ingest:read', 'audit:read'] },
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
