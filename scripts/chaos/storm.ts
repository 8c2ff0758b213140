import { writeClient } from '../../clickhouse/client'
import { recall } from '../../ingest/relay/state'
import { verify } from '../../ingest/relay/verify'
import { pool } from '../../lib/db/client'
import { sleep } from '../servers/child'
import { type Ledger, random, send } from './sender'
import type { Stack, Victim } from './stack'

export interface Storm {
  seconds: number
  seed: number
  clients: number
  say(line: string): void
}

export interface Outcome {
  kills: Record<Victim, number>
  acknowledged: number
  retries: number
  resent: number
  /** Acknowledged and not in the log, or not with their amount in ClickHouse's truth. */
  lost: number
  /** In ClickHouse more than once, after everything that reads it has collapsed versions. */
  doubled: number
  differences: number
  stale: number
  /** Σ of all amounts: what the senders know, and what the truth tables say. */
  sums: { sent: bigint; served: bigint }
}

const VICTIMS: readonly Victim[] = ['ingest', 'relay', 'PostgreSQL', 'ClickHouse']

/** Kills random processes with SIGKILL every 150 to 600 ms under load, then lets the stack recover and compares everything. */
export async function storm(stack: Stack, { seconds, seed, clients, say }: Storm): Promise<Outcome> {
  const next = random(seed)
  const ledger: Ledger = { acknowledged: new Map(), retries: 0, resent: 0 }
  const kills: Record<Victim, number> = { ingest: 0, relay: 0, PostgreSQL: 0, ClickHouse: 0 }
  const stopping = new AbortController()
  const senders = Array.from({ length: clients }, (_, client) =>
    send(stack, client, random(seed + 1 + client), ledger, stopping.signal),
  )
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    await sleep(150 + next() * 450)
    const victim = VICTIMS[Math.floor(next() * VICTIMS.length)] ?? 'relay'
    const pid = stack.pid(victim)
    if (pid === undefined) continue
    try {
      process.kill(pid, 'SIGKILL')
      kills[victim] += 1
    } catch {
      // It had just died; the supervisor is bringing it back.
    }
  }
  stopping.abort()
  await Promise.all(senders)
  say(`${ledger.acknowledged.size} events acknowledged; waiting for the last to arrive`)
  await drained()
  return { kills, ...(await compare(ledger)) }
}

/** For so long nothing must be left to do: a relay between two steps has written down neither. */
const STILL = 3_000

/** Until nothing is unsealed, undelivered or behind in a rollup, and stays so. Throws when that does not happen within two minutes. */
export async function drained(): Promise<void> {
  let since = Number.POSITIVE_INFINITY
  for (const deadline = Date.now() + 120_000; Date.now() - since < STILL; await sleep(250)) {
    if (Date.now() > deadline) throw new Error('the log was not delivered within two minutes after the storm')
    // The database may be on its way back.
    const left = await unfinished().catch(() => 1)
    since = left > 0 ? Number.POSITIVE_INFINITY : Math.min(since, Date.now())
  }
}

async function unfinished(): Promise<number> {
  const behind = await recall<number[]>(pool(), 'rollups_behind', [])
  const { rows } = await pool().query<{ n: number }>(
    `SELECT ((SELECT count(*) FROM batch WHERE state = 'sealed') + (SELECT count(*) FROM event_log WHERE batch_id IS NULL))::int AS n`,
  )
  return behind.length + (rows[0]?.n ?? 0)
}

async function compare(ledger: Ledger): Promise<Omit<Outcome, 'kills'>> {
  const logged = await pool().query<{ id: string }>("SELECT id FROM event_log WHERE source = '/chaos'")
  const known = new Set(logged.rows.map(({ id }) => id))
  const result = await writeClient().query({
    query: `SELECT id, toString(sum(amount)) AS amount, count() AS n FROM (
        SELECT id, net_amount AS amount FROM sale_events FINAL UNION ALL SELECT id, amount FROM settlement_events FINAL
        UNION ALL SELECT id, amount FROM cost_events FINAL UNION ALL SELECT id, amount FROM claim_events FINAL) GROUP BY id`,
    format: 'JSONEachRow',
  })
  const truth = new Map((await result.json<{ id: string; amount: string; n: number }>()).map((row) => [row.id, row]))
  let lost = 0
  for (const [id, amount] of ledger.acknowledged) {
    if (!known.has(id) || truth.get(id)?.amount !== amount.toString()) lost += 1
  }
  const checked = await verify(pool(), writeClient())
  return {
    acknowledged: ledger.acknowledged.size,
    retries: ledger.retries,
    resent: ledger.resent,
    lost,
    doubled: [...truth.values()].filter(({ n }) => Number(n) !== 1).length,
    differences: checked.differences.length + checked.rollups.length,
    stale: checked.served.stale,
    sums: {
      sent: [...ledger.acknowledged.values()].reduce((a, b) => a + b, 0n),
      served: [...truth.values()].reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    },
  }
}
