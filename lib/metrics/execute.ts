import { type ClickHouseClient, ClickHouseError } from '@clickhouse/client'
import { UserError } from '../errors'
import type { Statement } from './render'

/** What a statement gave: rows and totals as ClickHouse wrote them, in the order of the statement's columns. */
export interface Answer {
  rows: readonly Cells[]
  totals: Cells | undefined
}
export type Cells = readonly (string | number | null)[]

/** What ClickHouse says of a statement that took too long, or more memory than it may have. */
const TOO_MUCH = new Set(['159', '241'])

/** Throws a UserError (503) for what took more than a question may. */
export async function inTime<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ClickHouseError) || !TOO_MUCH.has(error.code)) throw error
    throw new UserError(
      'takes_too_long',
      'This took longer than a question may. Ask for a shorter period, for fewer groups or figures, or again in a moment.',
      503,
    )
  }
}

/** Fourth step: asks. What else ClickHouse may say is a fault of ours: whatever a reader can get wrong was refused before. */
export async function execute(client: ClickHouseClient, { sql, params }: Statement): Promise<Answer> {
  const result = await inTime(client.query({ query: sql, query_params: { ...params }, format: 'JSONCompact' }))
  const { data, totals } = await result.json<(string | number | null)[]>()
  return { rows: data, totals: isCells(totals) ? totals : undefined }
}

const isCells = (value: unknown): value is Cells => Array.isArray(value)

/** How far the served tables are. */
export interface Reach {
  /** Time of the newest event that they hold, ISO 8601, and not later than it was delivered; null when they hold none. */
  watermark: string | null
  /** When something was delivered last, in milliseconds since 1970; 0 for never. */
  delivered: number
  /** Milliseconds since then. */
  ago: number
}

export async function reach(client: ClickHouseClient): Promise<Reach> {
  const result = await inTime(
    client.query({
      query: `SELECT toUnixTimestamp64Milli(event_time) AS at, toUnixTimestamp64Milli(delivered_at) AS delivered,
toUnixTimestamp64Milli(now64(3)) - delivered AS ago FROM watermark`,
      format: 'JSONEachRow',
    }),
  )
  const [row] = await result.json<{ at: string | number; delivered: string | number; ago: string | number }>()
  const at = Number(row?.at ?? 0)
  return {
    watermark: at > 0 ? new Date(at).toISOString() : null,
    delivered: Number(row?.delivered ?? 0),
    ago: Number(row?.ago ?? 0),
  }
}
