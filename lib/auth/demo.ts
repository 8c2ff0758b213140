import { type Database, db } from '../db/client'
import { env } from '../env'
import { createAccount, findAccount } from './accounts'
import { EVERYTHING, type Scope } from './actor'
import type { RoleName } from './permissions'

interface DemoAccount {
  email: string
  name: string
  password: string
  /** What the person does, in their own words. */
  role: string
  roles: readonly RoleName[]
  scope?: Scope
}

/** One password for all of them: they exist in demo mode only, and the login page shows it. */
export const DEMO_PASSWORD = 'backhaul-demo'

/** A person for each of the main roles of the demo company. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  {
    password: DEMO_PASSWORD,
    email: 'dana@demo.example',
    name: 'Dana Whitfield',
    role: 'Executive',
    roles: ['exec_viewer'],
  },
  {
    password: DEMO_PASSWORD,
    email: 'milo@demo.example',
    name: 'Milo Brandt',
    role: 'Merchandiser',
    roles: ['merchandiser'],
  },
  {
    password: DEMO_PASSWORD,
    email: 'ines@demo.example',
    name: 'Inés Carrasco',
    role: 'Customer service',
    roles: ['cs_agent'],
  },
  {
    password: DEMO_PASSWORD,
    email: 'jo@demo.example',
    name: 'Jo Verhoeven',
    role: 'Receiver, Venlo',
    roles: ['receiver'],
    scope: { ...EVERYTHING, facilities: ['venlo'] },
  },
  {
    password: DEMO_PASSWORD,
    email: 'piotr@demo.example',
    name: 'Piotr Zieliński',
    role: 'Warehouse manager, Lodz',
    roles: ['warehouse_manager'],
    scope: { ...EVERYTHING, facilities: ['lodz'] },
  },
  {
    password: DEMO_PASSWORD,
    email: 'farah@demo.example',
    name: 'Farah Aziz',
    role: 'Controller',
    roles: ['controller'],
  },
  {
    password: DEMO_PASSWORD,
    email: 'tom@demo.example',
    name: 'Tom Okafor',
    role: 'Supplier recovery',
    roles: ['vendor_recovery'],
  },
  {
    password: DEMO_PASSWORD,
    email: 'greta@demo.example',
    name: 'Greta Lindqvist',
    role: 'Auditor',
    roles: ['auditor'],
  },
  {
    password: DEMO_PASSWORD,
    email: 'sam@demo.example',
    name: 'Sam Reyes',
    role: 'Integration administrator',
    roles: ['integration_admin'],
  },
]

/** Creates the demo accounts that are missing. Does nothing outside demo mode. */
export async function ensureDemoAccounts(on: Database = db()): Promise<void> {
  if (!env().BACKHAUL_DEMO) return
  for (const { email, name, password, roles, scope } of DEMO_ACCOUNTS) {
    if (await findAccount(email, on)) continue
    await createAccount({ email, name, roles, password, demo: true, ...(scope ? { scope } : {}) }, on)
  }
}
