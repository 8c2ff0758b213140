import type { IncomingHttpHeaders } from 'node:http'
import { isIPv6 } from 'node:net'

/** Anybody can write these; they are worth what the last trusted proxy wrote into them. */
const SAYS_WHERE = ['forwarded', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip'] as const

/**
 * Puts right what a request says about its way here, before anything reads it. `peer` is the address at the other end of the connection,
 * `proxies` how many reverse proxies of our own stand in front: each appends whom it was asked by, so the person's address is that many
 * entries from the end. Without proxies, nothing that was sent is believed. Changes `headers`.
 */
export function putRight(headers: IncomingHttpHeaders, peer: string | undefined, proxies: number): void {
  const way = [...list(headers['x-forwarded-for']), ...(peer ? [peer] : [])]
  const client = way[Math.max(0, way.length - 1 - proxies)]
  if (client) headers['x-forwarded-for'] = client
  else delete headers['x-forwarded-for']
  if (proxies === 0) for (const name of SAYS_WHERE) delete headers[name]
}

const list = (value: string | string[] | undefined): string[] =>
  (Array.isArray(value) ? value.join(',') : (value ?? ''))
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

/**
 * The network that asks, for limits by address: an IPv4 address, or the first 64 bits of an IPv6 address, because one subscriber has all the rest.
 * `headers` are those that `putRight` has seen.
 */
export function clientOf(headers: { get: (name: string) => string | null }): string {
  const address = (headers.get('x-forwarded-for') ?? '').trim()
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain === '' ? 'unknown' : plain.slice(0, 64)
  const [left = '', right] = plain.split('%')[0]?.split('::') ?? []
  const before = left.split(':').filter(Boolean)
  const after = right?.split(':').filter(Boolean) ?? []
  const zeros = right === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}
