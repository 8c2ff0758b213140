import { findAccount } from '../../../lib/auth/accounts'
import type { Actor } from '../../../lib/auth/actor'
import { actorOf } from '../../../lib/auth/sessions'
import { db } from '../../../lib/db/client'

/** The demo company's people by what they do in Venlo or for everywhere; no two of these jobs are one person's. */
const STAFF = {
  service: 'ines',
  receiver: 'jo',
  inspector: 'noor',
  lead: 'ruben',
  stock: 'lena',
  accountant: 'nadia',
  recovery: 'tom',
  compliance: 'hugo',
} as const
type Job = keyof typeof STAFF
export type Staff = Readonly<Record<Job, Actor>>

/** The people as they may act now; undefined when somebody has been taken away, since the demo data is somebody's to change. */
export async function staff(databaseUrl: string): Promise<Staff | undefined> {
  const found: Partial<Record<Job, Actor>> = {}
  for (const [job, name] of Object.entries(STAFF)) {
    const account = await findAccount(`${name}@demo.example`, db(databaseUrl))
    if (!account?.active) return undefined
    found[job as Job] = actorOf(account)
  }
  return found as Staff
}
