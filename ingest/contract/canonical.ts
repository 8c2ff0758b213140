import { isObject } from './compile'

/**
 * JSON with the names of every object in code unit order, no white space and one spelling of each number (RFC 8785 in all that JSON.parse
 * can give). Equal texts mean equal values.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

/**
 * A value without those members of its objects that are null, at every depth: they say no more than a name that is left out. The value itself
 * when it has none. Elements of arrays stay, since they count.
 */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.map(withoutNulls)
    return kept.every((each, at) => Object.is(each, value[at])) ? value : kept
  }
  if (!isObject(value)) return value
  let kept: Record<string, unknown> | undefined
  for (const name of Object.keys(value)) {
    const member = withoutNulls(value[name])
    if (member !== null && Object.is(member, value[name])) continue
    kept ??= { ...value }
    if (member === null) delete kept[name]
    else kept[name] = member
  }
  return kept ?? value
}
