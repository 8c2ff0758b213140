import pg from 'pg'

/**
 * A statement whose text is written in the code and never put together from input, so that a connection parses and plans it once and knows it
 * by its name from then on. Made by `statement` (statement.ts).
 */
export interface Statement {
  readonly name: string
  readonly text: string
  /** How rows of these columns are read; asked once for each connection. */
  readonly readerOf: (columns: readonly Described[]) => Reader<unknown>
}

/** What a statement brought: its rows, and how many rows it found or changed. */
export interface Answer<Row> {
  readonly rows: Row[]
  readonly count: number
}

/** Makes a row from its values as the server writes them, null where there is none; made once for the columns that a statement has. */
export type Reader<Row> = (values: readonly (string | null)[]) => Row

/** A column of an answer, as the server describes it. */
export interface Described {
  readonly name: string
  readonly dataTypeID: number
}

/** One statement on its way. `values` are in the server's text form, or bytes in its binary form. */
export interface Asked {
  readonly statement: Statement
  readonly values: readonly (string | Buffer | null)[]
  readonly resolve: (answer: Answer<unknown>) => void
  readonly reject: (error: unknown) => void
}

/** Why a batch ended before its end. */
interface Failed {
  readonly error: unknown
}

/** What a connection knows: statements by name, with the reader of their rows (undefined: they have none). */
interface Known {
  readonly prepared: Map<string, Reader<unknown> | undefined>
  /** Failed, so that nobody knows whether the server has them: forgotten by name before they are sent again. */
  readonly doubtful: Set<string>
}
const knownBy = new WeakMap<pg.Connection, Known>()

/**
 * Several statements as one message: they go out in one piece, run one after another, and are answered in one piece. The first that fails is the
 * last that runs; it and all behind it are rejected with its error. Each sees what those before it wrote, and what others had committed when
 * its turn came, as if they had been sent one by one.
 *
 * It is to the driver what its own queries and cursors are: something to submit, which then gets the messages of the server.
 */
export class Batch implements pg.Submittable {
  readonly asked: readonly Asked[]
  #known: Known = { prepared: new Map(), doubtful: new Set() }
  #rows: unknown[] = []
  #reader: Reader<unknown> | undefined
  /** Why a row of this turn could not be read. */
  #unread: { readonly error: unknown } | undefined
  #turn = 0
  #landed: (failed: Failed | undefined) => void = () => undefined
  /** Resolves when the last answer is there, or with the error that has ended it. Never rejects: each statement is told for itself. */
  readonly done = new Promise<Failed | undefined>((resolve) => {
    this.#landed = resolve
  })

  constructor(asked: readonly Asked[]) {
    this.asked = asked
  }

  submit(connection: pg.Connection): void {
    const known = knownBy.get(connection) ?? { prepared: new Map(), doubtful: new Set() }
    knownBy.set(connection, known)
    this.#known = known
    const sent = new Set<string>()
    connection.stream.cork()
    try {
      for (const { statement, values } of this.asked) {
        const name = nameOf(statement)
        const fresh = !known.prepared.has(name) && !sent.has(name)
        if (fresh) {
          sent.add(name)
          if (known.doubtful.delete(name)) connection.close({ type: 'S', name }, true)
          connection.parse({ name, text: statement.text, types: [] }, true)
        }
        connection.bind({ statement: name, values: [...values] }, true)
        if (fresh) connection.describe({ type: 'P', name: '' }, true)
        connection.execute({}, true)
      }
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  handleRowDescription({ fields }: { fields: readonly Described[] }): void {
    this.#reader = this.asked[this.#turn]?.statement.readerOf(fields)
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    if (this.#unread !== undefined) return
    this.#reader ??= this.#known.prepared.get(this.#name())
    try {
      if (this.#reader) this.#rows.push(this.#reader(fields))
    } catch (error) {
      // Thrown here it would end the process: the driver calls this as the bytes come in.
      this.#unread = { error }
    }
  }

  handleCommandComplete({ text }: { text: string }): void {
    const known = this.#known.prepared
    const name = this.#name()
    if (!known.has(name)) known.set(name, this.#reader)
    // 'INSERT 0 5', 'SELECT 3', 'COMMIT': the last word is how many rows, where there is one.
    const count = Number(text.slice(text.lastIndexOf(' ') + 1)) || 0
    const asked = this.asked[this.#turn]
    if (this.#unread) asked?.reject(this.#unread.error)
    else asked?.resolve({ rows: this.#rows, count })
    this.#rows = []
    this.#reader = undefined
    this.#unread = undefined
    this.#turn += 1
  }

  /** Of the server about the statement whose turn it is, or of a connection that has died. */
  handleError(error: unknown): void {
    const name = this.#name()
    if (name !== '') {
      this.#known.prepared.delete(name)
      this.#known.doubtful.add(name)
    }
    for (const { reject } of this.asked.slice(this.#turn)) reject(error)
    this.#turn = this.asked.length
    this.#landed({ error })
  }

  handleReadyForQuery(): void {
    this.#landed(undefined)
  }

  #name(): string {
    const asked = this.asked[this.#turn]
    return asked ? nameOf(asked.statement) : ''
  }
}

/** The driver keeps names of its own, and does not know of these. */
const nameOf = ({ name }: Statement): string => `batch/${name}`

const parserOf = (oid: number): ((text: string) => unknown) => pg.types.getTypeParser(oid, 'text')

/** Rows as objects under the columns' names, read as everywhere (client.ts). */
export function asObjects(columns: readonly Described[]): Reader<Record<string, unknown>> {
  const fields = columns.map(({ name, dataTypeID }) => [name, parserOf(dataTypeID)] as const)
  return (values) => {
    const row: Record<string, unknown> = {}
    fields.forEach(([name, parse], at) => {
      const value = values[at]
      row[name] = value === null || value === undefined ? null : parse(value)
    })
    return row
  }
}
