import type pg from 'pg'
import type { Scope } from '../../auth/actor'
import type { DecisionTable } from '../../returns/policy'
import type { Outcome } from '../../returns/simulation'

/** What of the past is judged: days `[from, until)` of a zone, within somebody's rows. */
export interface Span {
  readonly from: string
  readonly until: string
  readonly tz: string
  readonly channel: string
  readonly category: string
  readonly scope: Scope
}

/** What a case says of itself beside its outcomes. `about` is shown and exported by its keys. */
export interface Subject {
  readonly unitId: string
  readonly rmaId: string
  readonly quantity: number
  readonly about: Readonly<Record<string, string>>
}

/** A part of the past, read from the database once and judged by as many tables as there are. */
export interface PastPage {
  /** Lines read, those that are not counted included: how far it has come. */
  readonly read: number
  readonly withoutRate: number
  /** Lines that turned out not to be judgeable, since too little is known of them. */
  readonly unknown: number
  readonly subjects: readonly Subject[]
  /** What a table makes of each of `subjects`, in their order. */
  outcomes(table: DecisionTable): readonly Outcome[]
}

/** The past of one kind of policy. `client` reads one snapshot of the database from beginning to end. */
export interface Past {
  /** How many lines there are to judge, and how many cannot be, as far as can be said before they are read. */
  count(client: pg.ClientBase, span: Span): Promise<{ total: number; unknown: number }>
  pages(client: pg.ClientBase, span: Span): AsyncGenerator<PastPage>
}

/** Lines read at once: few enough to leave the process free for others between two pages. */
export const PAGE = 1_000

/** The parameters that every query of the past begins with: span, zone, and the rows that may be seen. */
export const parameters = ({ from, until, tz, channel, scope }: Span): unknown[] => [
  ...[from, until, tz],
  ...[scope.entities, scope.facilities, scope.channels, channel],
]

/** The condition of these parameters on columns of a table. */
export const within = (at: string, { entity, facility, channel }: Record<'entity' | 'facility' | 'channel', string>) =>
  `${at} >= $1::date::timestamp AT TIME ZONE $3 AND ${at} < $2::date::timestamp AT TIME ZONE $3
    AND ($4::text[] IS NULL OR ${entity} = ANY ($4)) AND ($5::text[] IS NULL OR ${facility} = ANY ($5))
    AND ($6::text[] IS NULL OR ${channel} = ANY ($6)) AND ($7 = '' OR ${channel} = $7)`

/** The rows of a query in pages, through a cursor: however many there are, few are in memory. */
export async function* fetched<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  query: string,
  values: readonly unknown[],
): AsyncGenerator<Row[]> {
  await client.query(`DECLARE past NO SCROLL CURSOR FOR ${query}`, [...values])
  for (;;) {
    const { rows } = await client.query<Row>(`FETCH ${PAGE} FROM past`)
    if (rows.length === 0) break
    yield rows
  }
  await client.query('CLOSE past')
}
