import { statement } from '../../lib/db/statement'
import { printable, type RefusalReason } from '../contract/reasons'
import type { Run } from '../log/append'
import { byteaArray, textArray } from '../log/arrays'

export type QuarantineReason = RefusalReason | 'business_conflict' | 'sink_poison' | 'case_poison'

/** Bad input to be kept: its bytes as they came, why, and whose it is as far as that could be read. */
export interface Rejected {
  readonly raw: Uint8Array
  readonly reason: QuarantineReason
  readonly message: string
  readonly path?: string | undefined
  readonly given?: string | undefined
  readonly source?: string | undefined
  readonly id?: string | undefined
  /** Which way it came in, such as `http:KEYID` or `import:FILE`. */
  readonly origin: string
}

const INSERT = statement(`INSERT INTO quarantine (source, event_id, reason, message, path, given, raw, origin)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[])
ON CONFLICT DO NOTHING`)

/**
 * Puts rejected input into quarantine in the caller's transaction. The same bytes, refused for the same reason on the same way in, wait there
 * once, however often they are sent.
 */
export async function putInQuarantine(run: Run, input: readonly Rejected[]): Promise<void> {
  if (input.length === 0) return
  // In one fixed order: transactions with the same bytes wait for each other and never in a circle.
  const rejected = [...input].sort((a, b) => Buffer.compare(a.raw, b.raw) || (a.reason < b.reason ? -1 : 1))
  await run({
    ...INSERT,
    values: [
      textArray(rejected.map(({ source }) => source ?? '')),
      textArray(rejected.map(({ id }) => id ?? null)),
      textArray(rejected.map(({ reason }) => reason)),
      textArray(rejected.map(({ message }) => printable(message))),
      textArray(rejected.map(({ path }) => (path === undefined ? null : printable(path)))),
      textArray(rejected.map(({ given }) => given ?? null)),
      byteaArray(rejected.map(({ raw }) => raw)),
      textArray(rejected.map(({ origin }) => origin)),
    ],
  })
}
