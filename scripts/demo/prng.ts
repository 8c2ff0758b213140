/**
 * Seeded random numbers (sfc32). Every thing of the demo company draws from a generator keyed by what it is (seed, purpose, day,
 * number), never from a shared one: so any day can be made alone, in any process, and comes out the same.
 */
export class Random {
  private a = 0
  private b = 0
  private c = 0
  private d = 0

  constructor(...key: number[]) {
    this.key(...key)
  }

  /** Starts again from `key`: integers, folded with the finaliser of MurmurHash3. */
  key(...key: number[]): this {
    let hash = 0x9e3779b9
    for (const part of key) hash = mix(hash ^ mix(part | 0))
    this.a = hash
    this.b = mix(hash + 0x6d2b79f5)
    this.c = mix(hash ^ 0x85ebca6b)
    this.d = 1
    for (let i = 0; i < 8; i++) this.uint()
    return this
  }

  private uint(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum
    this.c |= 0
    return sum >>> 0
  }

  /** In [0, 1). */
  next(): number {
    return this.uint() / 4_294_967_296
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.next() < p
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + (to - from) * this.next()
  }

  /** A whole number in [from, to], both possible. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }

  /** Lognormal by its median and the standard deviation of its logarithm. */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal())
  }

  /** Gamma with shape 2: a wait that is rarely short and rarely long. */
  gamma2(mean: number): number {
    return (-mean / 2) * Math.log((1 - this.next()) * (1 - this.next()))
  }

  /** Exponential. */
  wait(mean: number): number {
    return -mean * Math.log(1 - this.next())
  }

  /** Poisson; by the normal curve from 30 on. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()))
    const limit = Math.exp(-mean)
    let count = 0
    for (let product = this.next(); product > limit; product *= this.next()) count++
    return count
  }

  of<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)]
    if (value === undefined) throw new Error('of() needs at least one value')
    return value
  }
}

/** MurmurHash3's finaliser: every bit of the input moves every bit of the output. */
export function mix(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** A steady number in [0, 1) for a key: a trait that a customer or a product keeps for ever. */
export function trait(...key: number[]): number {
  let hash = 0x51ed270b
  for (const part of key) hash = mix(hash ^ mix(part | 0))
  return (hash >>> 0) / 4_294_967_296
}

/** Values with weights, drawn by binary search in the running sum. */
export class Weighted<T> {
  private readonly bounds: Float64Array
  constructor(
    private readonly values: readonly T[],
    weight: (value: T, index: number) => number,
  ) {
    this.bounds = new Float64Array(values.length)
    let sum = 0
    values.forEach((value, index) => {
      sum += Math.max(0, weight(value, index))
      this.bounds[index] = sum
    })
    if (!(sum > 0)) throw new Error('no value has a weight')
  }

  static from<T extends string>(table: Partial<Record<T, number>>): Weighted<T> {
    const keys = Object.keys(table) as T[]
    return new Weighted(keys, (key) => table[key] ?? 0)
  }

  draw(random: Random): T {
    const at = random.next() * (this.bounds.at(-1) ?? 0)
    let low = 0
    let high = this.bounds.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.bounds[middle] ?? 0) > at) high = middle
      else low = middle + 1
    }
    return this.values[low] as T
  }
}
