import pg from 'pg'
import { Batch } from '../../lib/db/batch'

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

/**
 * Cuts the connection of a transaction at its `at`-th statement, `begin` being the first; everything before it has been carried out. Statements
 * that go out together are counted one by one.
 */
function query(this: pg.Client, ...asked: unknown[]): unknown {
  const [first] = asked
  const batch = first instanceof Batch ? first : undefined
  const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text
  const texts = batch ? batch.asked.map(({ statement }) => statement.text) : text === undefined ? [] : [text]
  const go = () => Reflect.apply(original, this, asked)
  if (!armed || armed.done || texts.length === 0) return go()
  if (/^begin/i.test(texts[0] ?? '')) inTransaction.add(this)
  if (!inTransaction.has(this)) return go()
  const { at, cut, seen } = armed
  const place = texts.findIndex((each, n) => (at === 'commit' ? /^commit/i.test(each) : seen + n + 1 >= at))
  armed.seen += place === -1 ? texts.length : place + 1
  if (place === -1) return go()
  armed.done = true
  return batch ? { done: cutWithin(this, batch, place, cut) } : cutBefore(this, cut, go)
}

/** Carries out the statements of a batch before a place, and cuts the connection there: what stands behind it has not left the process. */
async function cutWithin(client: pg.Client, { asked }: Batch, place: number, cut: Cut): Promise<Failed> {
  const send = (part: typeof asked) => {
    const batch = new Batch(part)
    Reflect.apply(original, client, [batch])
    return batch.done
  }
  let failed = place === 0 ? undefined : await send(asked.slice(0, place))
  const from = failed ? place : place + 1
  failed ??= await cutBefore(client, cut, () => send(asked.slice(place, place + 1)))
  for (const { reject } of asked.slice(from)) reject(failed?.error)
  return failed
}
type Failed = Awaited<Batch['done']>

function cutBefore<T>(client: pg.Client, cut: Cut, go: () => T): T | Promise<Awaited<T>> {
  if (cut === 'server')
    return terminate((client as unknown as { processID: number }).processID).then(go) as Promise<Awaited<T>>
  // The statement is on its way when the process that sent it is gone.
  const answer = go()
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
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
