/** In this mode a whole pair is one character, so only a half is found. */
const HALF_PAIR = /\p{Surrogate}/u

/**
 * Where in the input of a command stands a text that PostgreSQL cannot keep: with the character U+0000, or with half of a surrogate pair.
 * `path` is that of the first one, '' for the input itself; undefined when there is none.
 */
export function unkeepable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') || HALF_PAIR.test(value) ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, each] of Object.entries(value)) {
    const found = unkeepable(name, path) ?? unkeepable(each, path === '' ? name : `${path}.${name}`)
    if (found !== undefined) return found
  }
  return undefined
}
