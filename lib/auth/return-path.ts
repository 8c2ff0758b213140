const HERE = 'http://here.invalid'
/** Pages that are no place to come back to. */
const NOWHERE = /^\/(login|logout|api)(\/|$)/

/**
 * The path of this installation that an address leads to, with its query; undefined when it leads anywhere else. Browsers read addresses in
 * many odd ways (`//host`, `/\host`, tabs), so the URL parser decides, not a pattern. `origin` is ours, for addresses that name it.
 */
export function returnPath(address: unknown, origin: string = HERE): string | undefined {
  if (typeof address !== 'string' || address === '') return undefined
  const url = URL.canParse(address, HERE) ? new URL(address, HERE) : undefined
  if (!url || (url.origin !== HERE && url.origin !== origin)) return undefined
  const path = url.pathname + url.search + url.hash
  // "/.//host" is resolved to "//host", which a browser would take for another site.
  return path.startsWith('//') || NOWHERE.test(url.pathname) ? undefined : path
}
