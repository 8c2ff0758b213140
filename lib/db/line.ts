import type pg from 'pg'
import { type Answer, type Asked, Batch, type Statement } from './batch'

/** What a statement takes for a parameter: texts, bytes, or a list of texts. Everything else is text already where it is asked with. */
export type Value = string | number | bigint | boolean | Date | Buffer | readonly string[] | null

/**
 * What a transaction says to the server, in order. Whatever is asked until the program really waits for an answer goes out together as one
 * batch; so statements that do not need each other's answers cost one way to the server and back. After a failure nothing is sent any more: the
 * transaction is over, and everything that is asked gets the error that ended it.
 */
export class Line {
  readonly #client: pg.PoolClient
  #open: Asked[] | undefined
  #tail: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(client: pg.PoolClient) {
    this.#client = client
  }

  ask<Row>(statement: Statement, values: readonly Value[]): Promise<Answer<Row>> {
    if (this.#failure) return Promise.reject(this.#failure.error)
    const texts = values.map(asText)
    return new Promise<Answer<Row>>((resolve, reject) => {
      this.#batch().push({ statement, values: texts, resolve: resolve as Asked['resolve'], reject })
    })
  }

  /** Sends nothing any more. */
  close(error: unknown): void {
    this.#failure ??= { error }
  }

  /** A statement of the query builder: after all that was asked before it, on its own. */
  query(...of: readonly unknown[]): Promise<unknown> {
    this.#open = undefined
    const send = this.#client.query.bind(this.#client) as (...of: readonly unknown[]) => Promise<unknown>
    return this.#inTurn(async () => {
      if (this.#failure) throw this.#failure.error
      try {
        return await send(...of)
      } catch (error) {
        this.#failure ??= { error }
        throw error
      }
    })
  }

  /** The batch that takes what is asked now; it is sent when this turn of the program is over and what went before is answered. */
  #batch(): Asked[] {
    if (this.#open) return this.#open
    const asked: Asked[] = []
    this.#open = asked
    const began = new Promise<void>((resolve) => process.nextTick(resolve))
    void this.#inTurn(async () => {
      await began
      if (this.#open === asked) this.#open = undefined
      const failure = this.#failure
      if (failure) {
        for (const { reject } of asked) reject(failure.error)
        return
      }
      const failed = await this.#client.query(new Batch(asked)).done
      if (failed) this.#failure ??= failed
    })
    return asked
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work)
    this.#tail = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }
}

/** Something begun before it is waited for: its failure is heard by whoever waits, and by nobody else. */
export function ahead<T>(begun: Promise<T>): Promise<T> {
  begun.catch(() => undefined)
  return begun
}

/** Waits for what was asked together. Of several that failed, the first in this order is thrown: what followed from it is not the reason. */
export async function inOrder(asked: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  for (const each of asked) if (each) ahead(each)
  for (const each of asked) await each
}

function asText(value: Value): string | Buffer | null {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return `{${value.map((each) => `"${each.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
  return String(value)
}
