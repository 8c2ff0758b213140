import { and, eq, inArray } from 'drizzle-orm'
import { type Database, db } from '../db/client'
import { account } from '../db/schema/accounts'
import { env } from '../env'
import { createAccount, findAccount } from './accounts'
import { EVERYTHING, type Scope } from './actor'
import { ROLES, type RoleName } from './permissions'

interface DemoAccount {
  email: string
  name: string
  password: string
  /** What the person does, in their own words. */
  role: string
  roles: readonly RoleName[]
  /** The page on which they begin. */
  home: string
  scope: Scope
  /** One of the people whom the product is for first; the login page names these at once and the others on request. */
  main: boolean
}

/** One password for all of them: they exist in demo mode only, and the login page shows it. */
export const DEMO_PASSWORD = 'backhaul-demo'

const at = (facility: string): Scope => ({ ...EVERYTHING, facilities: [facility] })

const person = (
  name: string,
  roleName: RoleName,
  own: { role?: string; scope?: Scope; main?: boolean } = {},
): DemoAccount => ({
  email: `${name.split(' ')[0]?.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()}@demo.example`,
  name,
  password: DEMO_PASSWORD,
  role: own.role ?? ROLES[roleName].label,
  roles: [roleName],
  home: ROLES[roleName].home,
  scope: own.scope ?? EVERYTHING,
  main: own.main ?? false,
})

/** A person of the demo company for each role, and one more so that Venlo has every hand; those of one warehouse see that warehouse's rows only. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  person('Dana Whitfield', 'exec_viewer', { main: true }),
  person('Milo Brandt', 'merchandiser', { main: true }),
  person('Piotr Zieliński', 'warehouse_manager', { role: 'Warehouse manager, Lodz', scope: at('lodz'), main: true }),
  person('Jo Verhoeven', 'receiver', { role: 'Receiver, Venlo', scope: at('venlo'), main: true }),
  person('Inés Carrasco', 'cs_agent', { main: true }),
  person('Farah Aziz', 'controller', { main: true }),
  person('Tom Okafor', 'vendor_recovery', { main: true }),
  person('Greta Lindqvist', 'auditor', { main: true }),
  person('Sam Reyes', 'integration_admin', { main: true }),
  person('Agnieszka Nowak', 'inspector', { role: 'Inspector, Lodz', scope: at('lodz') }),
  person('Noor Visser', 'inspector', { role: 'Inspector, Venlo', scope: at('venlo') }),
  person('Ruben Claes', 'disposition_lead', { role: 'Disposition lead, Venlo', scope: at('venlo') }),
  person('Maya Fischer', 'refund_approver_l1'),
  person('Oscar Lund', 'refund_approver_l2'),
  person('Lena Hoekstra', 'inventory_controller'),
  person('Nadia Petrova', 'accountant'),
  person('Hugo Martel', 'compliance_officer'),
  person('Priya Raman', 'user_admin'),
  person('Elif Demir', 'privacy_officer'),
]

/** Creates the demo accounts that are missing. Does nothing outside demo mode. */
export async function ensureDemoAccounts(on: Database = db()): Promise<void> {
  if (!env().BACKHAUL_DEMO) return
  for (const { email, name, roles, password, scope } of DEMO_ACCOUNTS) {
    if (await findAccount(email, on)) continue
    await createAccount({ email, name, roles, password, demo: true, scope }, on)
  }
}

/** Those whom the login page may offer: none outside demo mode, none where the demo company was never filled. */
export async function offeredDemoAccounts(on: Database = db()): Promise<readonly DemoAccount[]> {
  if (!env().BACKHAUL_DEMO) return []
  const emails = DEMO_ACCOUNTS.map(({ email }) => email)
  const there = await on
    .select({ email: account.email })
    .from(account)
    .where(and(eq(account.demo, true), eq(account.active, true), inArray(account.email, emails)))
  const present = new Set(there.map(({ email }) => email))
  return DEMO_ACCOUNTS.filter(({ email }) => present.has(email))
}
