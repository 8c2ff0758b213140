/** Keys of one scan follow each other faster than this; nobody types so fast. Milliseconds. */
export const BURST_GAP = 50
/** Fewer characters are never a code. */
const SHORTEST = 4

/** What becomes of a key. */
export interface Verdict {
  /** Kept from the page for now: it may belong to a scan. */
  readonly hold: boolean
  /** A scan that this key completed. */
  readonly scan?: string
  /** Keys held before that turned out to be a person's: they are to be given to the page, in order, before this one. */
  readonly release: readonly string[]
}

/**
 * Tells a scanner from a person, key by key. Every printable key is held until the next one shows whether it was part of a burst, so that no
 * key of a scan ever reaches a button, a field or a shortcut; a person's keys come through a moment later, which nobody feels.
 */
export class BurstReader {
  #keys: string[] = []
  /** How many of the held keys the page was given already. */
  #shown = 0
  /** Held until nothing followed in time. What follows late, by its own clock in time, shows that it was the beginning of a scan. */
  #begun: readonly string[] = []
  #last = Number.NEGATIVE_INFINITY

  /** A key at a time in milliseconds. `key` is a character, 'Enter', 'Tab', or anything else for keys that are no part of a code. */
  key(key: string, at: number): Verdict {
    const fast = at - this.#last < BURST_GAP
    if (this.#keys.length === 0) {
      this.#keys = fast ? [...this.#begun] : []
      this.#shown = this.#keys.length
    }
    this.#begun = []
    if (key.length === 1) {
      const release = fast ? [] : this.#given()
      // A blank that stands alone presses a button; within a burst it belongs to the code.
      if (key === ' ' && this.#keys.length === 0) return { hold: false, release }
      this.#keys.push(key)
      this.#last = at
      return { hold: true, release }
    }
    if (key === 'Enter' || key === 'Tab') {
      if (fast && this.#keys.length >= SHORTEST) return { hold: true, scan: this.#take().join(''), release: [] }
      return { hold: false, release: this.#take().slice(this.#shown) }
    }
    // Shift and the like come within a burst: scanners press them for capitals.
    if (key === 'Shift' || key === 'CapsLock' || key === 'AltGraph') return { hold: false, release: [] }
    return { hold: false, release: this.#given() }
  }

  /**
   * Nothing came for a while: whatever is held was a person's. A burst without its Enter is given up, too: scanners are set to send one. A page
   * that stood still sees the rest of a burst only now, so what was held is remembered until a key shows by its own clock how late it is.
   */
  idle(at: number): readonly string[] {
    if (this.#keys.length === 0 || at - this.#last < BURST_GAP) return []
    const last = this.#last
    this.#begun = [...this.#keys]
    const given = this.#given()
    this.#last = last
    return given
  }

  get holding(): boolean {
    return this.#keys.length > 0
  }

  /** What a person typed; what came too fast for one and without an end is nobody's. */
  #given(): readonly string[] {
    const held = this.#take()
    const given = held.length >= SHORTEST ? [] : held.slice(this.#shown)
    this.#shown = 0
    return given
  }

  #take(): string[] {
    const held = this.#keys
    this.#keys = []
    this.#last = Number.NEGATIVE_INFINITY
    return held
  }
}
