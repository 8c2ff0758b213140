import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { ensureDemoAccounts } from '../../../lib/auth/demo'
import { db } from '../../../lib/db/client'
import { describeError } from '../../../lib/errors'
import { log } from '../../../lib/log'
import { readWorkDone, writeWorkDone } from '../record'
import { work } from './case'
import { GROUPS } from './cases'
import { accrueFreight, claimFromSuppliers, countZones, raiseLateFee } from './desks'
import { freshLines } from './orders'
import { type Staff, staff } from './staff'

const LOOK = 2_000

type Step = readonly [name: string, run: (people: Staff) => Promise<unknown>]

/**
 * Puts work on the desks of the demo company, once, when its history has been taken over: returns at every stage, money and goods that wait for
 * somebody's yes, counts, claims, an entry and a policy. All of it by the commands that the pages send, as the people whose work it is; nothing
 * here writes to a table. A step that was done is not done again after a restart.
 */
export async function putInHand(databaseUrl: string, signal: AbortSignal): Promise<void> {
  const done = new Set(await readWorkDone(databaseUrl))
  const now = Date.now()
  const taken = new Set<string>()
  const steps: readonly Step[] = [
    ...GROUPS.map(
      ({ lines, journey }, index): Step => [
        `cases ${index + 1}`,
        async (people) => {
          for (const line of await freshLines(databaseUrl, lines, taken)) await work(people, line, journey, now)
        },
      ],
    ),
    ['counts', (people) => countZones(people, databaseUrl, now)],
    ['claims', (people) => claimFromSuppliers(people, databaseUrl, now)],
    ['accrual', (people) => accrueFreight(people, now)],
    ['policy', (people) => raiseLateFee(people, now)],
  ]
  if (steps.every(([name]) => done.has(name))) return
  await takenOver(databaseUrl, signal)
  await ensureDemoAccounts(db(databaseUrl))
  const people = await staff(databaseUrl)
  if (!people) return
  for (const [name, run] of steps) {
    if (signal.aborted) return
    if (done.has(name)) continue
    // A company that was changed meanwhile may not allow a step any more: it is left out, and the others are done.
    await run(people).catch((error: unknown) =>
      log('demo').warn({ step: name, reason: describeError(error) }, 'a step of the demo company could not be done'),
    )
    done.add(name)
    await writeWorkDone(databaseUrl, [...done])
  }
}

/** Until the projector has nothing of the history left. */
async function takenOver(databaseUrl: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await db(databaseUrl).execute<{ waits: boolean }>(
      sql`SELECT EXISTS (SELECT FROM batch WHERE projected_at IS NULL AND sealed_at < now() - interval '5 seconds') AS waits`,
    )
    if (!rows[0]?.waits) return
    await sleep(LOOK, undefined, { signal }).catch(() => undefined)
  }
}
