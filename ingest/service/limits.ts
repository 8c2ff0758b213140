import { UserError } from '../../lib/errors'

/** What one request may bring. */
export const MOST_BYTES = 10 * 1024 * 1024
export const MOST_EVENTS = 10_000

/** Bytes of request bodies that may be in memory at once, over all requests. A parsed event takes a few times its bytes. */
const BYTES_IN_FLIGHT = 64 * 1024 * 1024
/** Steady events a second of one key, and how many it may send at once after a pause. */
const EVENTS_PER_SECOND = 50_000
const BURST = 250_000

/** The refusal that asks a sender to come back later. */
export class TooMany extends UserError {
  constructor(
    code: string,
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(code, message, 429)
  }
}

/** A number of bytes that requests share. Taking more than there are is refused at once: a queue would be memory too. */
export class ByteBudget {
  #free: number

  constructor(readonly size = BYTES_IN_FLIGHT) {
    this.#free = size
  }

  /** Throws `TooMany` when the bytes are not there. */
  take(bytes: number): void {
    if (bytes > this.#free) {
      throw new TooMany('busy', 'Too many bytes are being received at once. Send again after Retry-After.', 1)
    }
    this.#free -= bytes
  }

  give(bytes: number): void {
    this.#free += bytes
  }

  get used(): number {
    return this.size - this.#free
  }
}

/** Token buckets by key, in events: one sender cannot take all of the service. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(
    readonly perSecond = EVENTS_PER_SECOND,
    readonly burst = BURST,
  ) {}

  /** Throws `TooMany` when a key has sent more than its share. A request that is let in counts whole, even into debt. */
  take(key: string, events: number, now: number): void {
    const bucket = this.#buckets.get(key) ?? { tokens: this.burst, at: now }
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1000) * this.perSecond)
    bucket.at = now
    this.#buckets.set(key, bucket)
    if (bucket.tokens <= 0) {
      const wait = Math.max(1, Math.ceil((1 - bucket.tokens) / this.perSecond))
      throw new TooMany('rate_limited', `This key may send ${this.perSecond} events a second.`, wait)
    }
    bucket.tokens -= events
  }
}
