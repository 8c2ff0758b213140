/** A text as it lies in bytes: looked up without being made. For printable ASCII of at most a few dozen characters. */
export class ByteMap<T> {
  #slots: (Entry<T> | undefined)[] = new Array<Entry<T> | undefined>(16)
  #size = 0

  /** `most`: further entries are not taken in; what is looked up most often comes first in practice. */
  constructor(
    entries: Iterable<readonly [string, T]> = [],
    readonly most = Number.POSITIVE_INFINITY,
  ) {
    for (const [text, value] of entries) this.set(Buffer.from(text), 0, Buffer.byteLength(text), value)
  }

  /** The value of the text between two places. */
  get(bytes: Buffer, from: number, to: number): T | undefined {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let at = hashOf(bytes, from, to) & mask; ; at = (at + 1) & mask) {
      const entry = slots[at]
      if (entry === undefined) return undefined
      if (entry.text.length === to - from && isSame(entry.text, bytes, from)) return entry.value
    }
  }

  /** Takes in a text that is not there yet. */
  set(bytes: Buffer, from: number, to: number, value: T): void {
    if (this.#size >= this.most) return
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    this.#size++
    // A copy: what is looked up lies in memory that is used again.
    this.#put({ text: Buffer.from(bytes.subarray(from, to)), value })
  }

  #put(entry: Entry<T>): void {
    const mask = this.#slots.length - 1
    let at = hashOf(entry.text, 0, entry.text.length) & mask
    while (this.#slots[at] !== undefined) at = (at + 1) & mask
    this.#slots[at] = entry
  }

  #grow(): void {
    const entries = this.#slots
    this.#slots = new Array<Entry<T> | undefined>(entries.length * 2)
    for (const entry of entries) if (entry) this.#put(entry)
  }
}

interface Entry<T> {
  readonly text: Buffer
  readonly value: T
}

function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = to - from
  for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0
  return hash ^ (hash >>> 9)
}

function isSame(text: Buffer, bytes: Buffer, from: number): boolean {
  for (let at = 0; at < text.length; at++) if (text[at] !== bytes[from + at]) return false
  return true
}
