const ZERO = 0x30
const BRACE = 0x7d
const NEWLINE = 0x0a
const LINE = Buffer.from(',"s":')
const HASH = Buffer.from(',"h":')
const EVENT = Buffer.from(',"e":')
/** `{"b":…,"s":…,"h":…,"e":…}` around an event is never longer than this. */
const AROUND = 72

/** The bytes of an insert, written line by line: as `wireLine` would, without making a text of each. */
export class Wire {
  #bytes: Buffer<ArrayBuffer>
  #end = 0
  readonly #head: Buffer

  /** `expected`: bytes of all events together, about. */
  constructor(batch: bigint, expected: number) {
    this.#bytes = Buffer.from(new ArrayBuffer(Math.ceil(expected * 1.2) + AROUND))
    this.#head = Buffer.from(`{"b":${batch}`)
  }

  /** Adds line `line` of the batch: the event between two places, with its content hash. */
  add(line: number, hash: number, from: Buffer, start: number, end: number): void {
    if (this.#bytes.length < this.#end + (end - start) + AROUND) this.#grow(end - start)
    this.#put(this.#head)
    this.#put(LINE)
    this.#number(line)
    this.#put(HASH)
    this.#number(hash)
    this.#put(EVENT)
    this.#end += from.copy(this.#bytes, this.#end, start, end)
    this.#bytes[this.#end++] = BRACE
    this.#bytes[this.#end++] = NEWLINE
  }

  /** All of them; nothing can be added any more. */
  take(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#end)
  }

  #put(few: Buffer): void {
    for (let at = 0; at < few.length; at++) this.#bytes[this.#end++] = few[at]!
  }

  /** A whole number from 0 to 2^32 - 1 in decimal digits. */
  #number(value: number): void {
    let digits = 1
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++
    let rest = value
    for (let at = this.#end + digits - 1; at >= this.#end; at--) {
      const next = Math.floor(rest / 10)
      this.#bytes[at] = ZERO + rest - next * 10
      rest = next
    }
    this.#end += digits
  }

  #grow(more: number): void {
    const next = Buffer.from(new ArrayBuffer(this.#bytes.length * 2 + more))
    this.#bytes.copy(next, 0, 0, this.#end)
    this.#bytes = next
  }
}
