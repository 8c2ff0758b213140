import pg from 'pg'

/** Who dies: the process that asks (its connection is gone), or the server's process that answers. */
export type Cut = 'client' | 'server'

interface Armed {
  /** A statement by its number, `begin` being the first, or the one that would make everything true. */
  readonly at: number | 'commit'
  readonly cut: Cut
  seen: number
  done: boolean
}
let armed: Armed | undefined
const inTransaction = new WeakSet<object>()
const original = pg.Client.prototype.query

/** Cuts the connection of a transaction at its `at`-th statement, `begin` being the first; everything before it has been carried out. */
function query(this: pg.Client, ...asked: unknown[]): unknown {
  const [first] = asked
  const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text
  const go = () => Reflect.apply(original, this, asked)
  if (!armed || armed.done || text === undefined) return go()
  if (/^begin/i.test(text)) inTransaction.add(this)
  if (!inTransaction.has(this)) return go()
  armed.seen += 1
  if (armed.at === 'commit' ? !/^commit/i.test(text) : armed.seen < armed.at) return go()
  armed.done = true
  if (armed.cut === 'server') return terminate((this as unknown as { processID: number }).processID).then(go)
  // The statement is on its way when the process that sent it is gone.
  const answer = go()
  ;(this as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  return answer
}

async function terminate(pid: number): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await client.connect()
  try {
    await client.query('SELECT pg_terminate_backend($1, 5000)', [pid])
  } finally {
    await client.end()
  }
}

/**
 * Does `work` and cuts the connection of its first transaction at a statement. Answers how many statements there were up to there, or undefined
 * where there were not so many: then nothing was cut and the work is done.
 */
export async function cutAt(
  at: number | 'commit',
  cut: Cut,
  work: () => Promise<unknown>,
): Promise<{ readonly statements: number | undefined; readonly error: unknown }> {
  const mine: Armed = { at, cut, seen: 0, done: false }
  armed = mine
  pg.Client.prototype.query = query as typeof original
  try {
    const error = await work().then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return { statements: mine.done ? mine.seen : undefined, error }
  } finally {
    pg.Client.prototype.query = original
    armed = undefined
  }
}
