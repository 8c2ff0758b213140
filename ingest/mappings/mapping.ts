import type { ClickHouseClient } from '@clickhouse/client'
import type { Input } from '../import/inputs'

/** What a mapping makes of one file. */
export interface Mapped {
  /** Canonical events as NDJSON. The same file must always give the same bytes: an interrupted import goes on by counting lines. */
  readonly events: AsyncIterable<Buffer>
  /** How many events there will be, once that is known; absent where progress is measured by bytes of the file. */
  readonly lines?: () => number
  /** What became of every line of the file; asked for after the last event, kept with the import, JSON. */
  readonly account?: () => unknown
}

/** Who hears how far a mapping is. */
export interface Hearing {
  /** Bytes of the file on disk that have been read. */
  readonly onRead: (bytes: number) => void
  /** Lines of the file that have been understood, of how many, where the whole file is understood before the first event. */
  readonly onMapped: (done: number, total: number) => void
}

/** Turns files of one outside form into canonical events. */
export interface Mapping {
  readonly name: string
  /** One line for the list of mappings. */
  readonly summary: string
  /** Adds what its events refer to, such as an exchange rate, where that is missing. */
  readonly prepare?: (databaseUrl: string, client: ClickHouseClient) => Promise<void>
  readonly convert: (input: Input, hear: Hearing) => Mapped
  /** Writes the account for a person, from what `account` gave. */
  readonly print?: (account: unknown) => string
}
