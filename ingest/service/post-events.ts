import type { IncomingHttpHeaders } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { allowsSource, isOwnSource, type KeyGrant } from '../../lib/auth/api-keys'
import { UserError } from '../../lib/errors'
import { readEvent } from '../contract/read'
import type { CheckOptions } from '../contract/validate'
import { CONFLICT } from '../log/accept'
import { type LogRow, toLogRow } from '../log/append'
import type { GroupCommit } from '../log/group-commit'
import type { Rejected } from '../quarantine/store'
import { cut, type Mode } from './content'

/** What became of one event of a request that was not accepted. */
interface EventError {
  index: number
  id: string | null
  code: string
  message: string
  path?: string
}

/** The answer to `POST /v1/events`: every event of the request is counted once, or named in `errors` as `source_forbidden`. */
export interface Receipt {
  accepted: number
  duplicates: number
  quarantined: number
  conflicts: number
  errors: EventError[]
}

/** Events that are read without giving the other requests a turn. */
const TURN = 500

/**
 * Reads the events of one request, refuses those of foreign sources, and makes the rest durable: good ones in the log, bad ones in
 * quarantine, in one transaction. Resolves after its commit. Throws `UserError` 400, 403 or 413; rejects with Postgres's failure.
 */
export async function postEvents(
  input: { mode: Mode; body: Buffer; headers: IncomingHttpHeaders; grant: KeyGrant },
  to: { commit: GroupCommit; vocabulary: CheckOptions; charge: (events: number) => void },
): Promise<Receipt> {
  const { grant } = input
  const items = cut(input.mode, input.body, input.headers)
  to.charge(items.length)
  const origin = `http:${grant.id}`
  const rows: LogRow[] = []
  const places: number[] = []
  const rejected: Rejected[] = []
  const errors: EventError[] = []
  const now = Date.now()
  let forbidden = 0
  /** One of Backhaul's own sources that the key may not write. */
  let ours: string | undefined

  for (const [index, { bytes, spelling }] of items.entries()) {
    if (index > 0 && index % TURN === 0) await nextTurn()
    const checked = readEvent(bytes, now, to.vocabulary, spelling)
    const source = checked.ok ? checked.event.source : checked.source
    if (source !== undefined && !allowsSource(grant, source)) {
      forbidden++
      if (isOwnSource(source)) ours ??= source
      errors.push({
        index,
        id: (checked.ok ? checked.event.id : checked.id) ?? null,
        code: 'source_forbidden',
        message: `${forbiddenBecause(source)} It was not stored.`,
      })
    } else if (checked.ok) {
      rows.push(toLogRow({ raw: bytes, event: checked.event }))
      places.push(index)
    } else {
      const { reason, message, path, id, given } = checked
      rejected.push({ raw: bytes, reason, message, path, given, source, id, origin })
      errors.push({ index, id: id ?? null, code: reason, message, ...(path ? { path } : {}) })
    }
  }
  if (forbidden === items.length) {
    const message =
      ours === undefined
        ? 'This key may not write any of the sources in the request. Use a key of theirs.'
        : `This key may not write any of the sources in the request. ${forbiddenBecause(ours)}`
    throw new UserError('source_forbidden', message, 403, 'source')
  }

  const outcomes = await to.commit.submit({ rows, rejected, origin })
  outcomes.forEach((outcome, at) => {
    if (outcome !== 'conflict') return
    errors.push({ index: places[at] ?? at, id: rows[at]?.id ?? null, code: 'business_conflict', message: CONFLICT })
  })
  return {
    accepted: outcomes.filter((outcome) => outcome === 'accepted').length,
    duplicates: outcomes.filter((outcome) => outcome === 'duplicate').length,
    quarantined: rejected.length,
    conflicts: outcomes.filter((outcome) => outcome === 'conflict').length,
    errors: errors.sort((a, b) => a.index - b.index),
  }
}

const forbiddenBecause = (source: string): string =>
  isOwnSource(source)
    ? `Source ${source} is one of Backhaul's own: send under a source of yours, or with a key that names it exactly.`
    : `This key may not write source ${source}.`
