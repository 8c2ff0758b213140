export type ParamValue = string | number | readonly string[]

/** Query parameters of one statement. Every value goes through here; a text in SQL is never made of a value. */
export class Params {
  readonly values: Record<string, ParamValue> = {}
  readonly #known = new Map<string, string>()

  /** Milliseconds since 1970 as a DateTime64(3). */
  instant(milliseconds: number): string {
    return this.#add("DateTime64(3, 'UTC')", sqlInstant(milliseconds))
  }
  /** The UTC date of an instant. */
  day(milliseconds: number): string {
    return this.#add('Date', sqlInstant(milliseconds).slice(0, 10))
  }
  text(value: string): string {
    return this.#add('String', value)
  }
  texts(values: readonly string[]): string {
    return this.#add('Array(String)', values)
  }
  instants(values: readonly number[]): string {
    return this.#add("Array(DateTime64(3, 'UTC'))", values.map(sqlInstant))
  }
  number(value: number): string {
    return this.#add('Float64', value)
  }
  count(value: number): string {
    return this.#add('UInt32', value)
  }

  #add(type: string, value: ParamValue): string {
    const key = JSON.stringify([type, value])
    const known = this.#known.get(key)
    if (known) return known
    const name = `p${this.#known.size}`
    this.values[name] = value
    const placeholder = `{${name}:${type}}`
    this.#known.set(key, placeholder)
    return placeholder
  }
}

const sqlInstant = (milliseconds: number): string => new Date(milliseconds).toISOString().replace('T', ' ').slice(0, 23)
