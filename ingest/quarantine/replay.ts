import type { PoolClient } from 'pg'
import { withoutTimeouts } from '../../lib/db/client'
import { failpoint } from '../../lib/failpoint'
import { readEvent } from '../contract/read'
import { append, type Found, type LogRow, type Run, toLogRow } from '../log/append'
import { knownCurrencies } from '../log/currencies'
import type { Selection } from './review'

/** What a replay did, or would do: every selected row is counted once. */
export interface ReplayAccount {
  selected: number
  /** Now in the log. */
  accepted: number
  /** Was in the log already, with the same content. */
  duplicates: number
  /** Stays in quarantine: other content has its identity. */
  conflicts: number
  /** Stays in quarantine, by the reason that holds now. */
  refused: Record<string, number>
}

const PAGE = 1000
const PAGE_SQL = `SELECT id, raw, reason, message, path FROM quarantine
WHERE state = 'open' AND id > $1 AND ($2::bigint[] IS NULL OR id = ANY ($2)) AND ($3::text IS NULL OR reason = $3)
  AND ($4::text IS NULL OR source = $4) AND ($5::timestamptz IS NULL OR received_at >= $5) AND ($6::timestamptz IS NULL OR received_at < $6)
ORDER BY id LIMIT ${PAGE} FOR UPDATE`

const SETTLE_SQL = `UPDATE quarantine SET state = 'replayed', settled_at = now(), settled_by = $2 WHERE id = ANY ($1)`

interface Row {
  id: bigint
  raw: Buffer
}

/**
 * Reads the selected input again, with the contract, the rates and the clock of now, and appends what has become readable. A dry run does
 * the same and undoes it, so that its account is what the real run would do at this moment. Rows leave quarantine in the transaction that
 * puts their events into the log.
 */
export async function replayQuarantine(
  selection: Selection,
  options: { dryRun: boolean; by: string },
): Promise<ReplayAccount> {
  const account: ReplayAccount = { selected: 0, accepted: 0, duplicates: 0, conflicts: 0, refused: {} }
  await withoutTimeouts(async (client) => {
    const currencies = await knownCurrencies(client)
    if (options.dryRun) await client.query('BEGIN')
    for (let after: bigint | undefined = 0n; after !== undefined; ) {
      if (!options.dryRun) await client.query('BEGIN')
      const page = await replayPage(client, selection, after, currencies, account)
      // A dry run leaves the rows alone: it would hold senders of the same input up until its end.
      if (!options.dryRun) await client.query(SETTLE_SQL, [page.settled, options.by])
      after = page.last
      failpoint('replay_before_commit')
      if (!options.dryRun) await client.query('COMMIT')
    }
    if (options.dryRun) await client.query('ROLLBACK')
  })
  return account
}

/** Appends what is readable of the next rows after an id; `last` is `undefined` when there are no more. */
async function replayPage(
  client: PoolClient,
  { ids, reason, source, since, until }: Selection,
  after: bigint,
  currencies: ReadonlySet<string>,
  account: ReplayAccount,
): Promise<{ settled: bigint[]; last: bigint | undefined }> {
  const selection = [after, ids ?? null, reason ?? null, source ?? null, since ?? null, until ?? null]
  const { rows } = await client.query<Row>(PAGE_SQL, selection)
  account.selected += rows.length
  const now = Date.now()
  const readable: LogRow[] = []
  const ofRow: bigint[] = []
  for (const { id, raw } of rows) {
    const read = readEvent(raw, now, { currencies })
    if (read.ok) {
      readable.push(toLogRow({ raw, event: read.event }))
      ofRow.push(id)
    } else {
      account.refused[read.reason] = (account.refused[read.reason] ?? 0) + 1
    }
  }
  const run: Run = (statement) => client.query<Found>(statement)
  const outcomes = await append(run, readable)
  for (const outcome of outcomes) {
    if (outcome === 'accepted') account.accepted++
    else if (outcome === 'duplicate') account.duplicates++
    else account.conflicts++
  }
  return {
    settled: ofRow.filter((_, at) => outcomes[at] !== 'conflict'),
    last: rows.length < PAGE ? undefined : rows.at(-1)?.id,
  }
}
