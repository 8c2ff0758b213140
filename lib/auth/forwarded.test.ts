import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { rereadEnv } from '../env'
import { watchConnections } from './connections'
import { clientOf, putRight } from './forwarded'

const after = (headers: IncomingHttpHeaders, peer: string, proxies: number) => {
  putRight(headers, peer, proxies)
  return headers
}

test('without proxies of our own, nothing that was sent is believed', () => {
  const sent = { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil.example', forwarded: 'for=6.6.6.6', host: 'h' }
  expect(after(sent, '9.9.9.9', 0)).toEqual({ 'x-forwarded-for': '9.9.9.9', host: 'h' })
})

test('behind proxies, the address is the one that the first of ours was asked by', () => {
  expect(after({ 'x-forwarded-for': '6.6.6.6, 1.1.1.1' }, '10.0.0.1', 1)['x-forwarded-for']).toBe('1.1.1.1')
  expect(after({ 'x-forwarded-for': '6.6.6.6, 1.1.1.1, 10.0.0.2' }, '10.0.0.1', 2)['x-forwarded-for']).toBe('1.1.1.1')
  expect(after({}, '10.0.0.1', 2)['x-forwarded-for']).toBe('10.0.0.1')
  expect(after({ 'x-forwarded-proto': 'https' }, '10.0.0.1', 1)['x-forwarded-proto']).toBe('https')
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', 'unknown'],
  ['no address', 'no address'],
])('the client of %s is %s', (address, client) => {
  expect(clientOf(new Headers(address ? { 'x-forwarded-for': address } : {}))).toBe(client)
})

test('a server in this process sees the address of the connection, whatever was sent', async () => {
  watchConnections()
  const seen: (string | string[] | undefined)[] = []
  const server = createServer((request, response) => {
    seen.push(request.headers['x-forwarded-for'], request.headers['x-forwarded-host'])
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const ask = () =>
    fetch(`http://127.0.0.1:${port}/`, {
      headers: { 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'evil.example' },
    })
  await ask()
  process.env.BACKHAUL_PROXIES = '1'
  rereadEnv()
  await ask()
  delete process.env.BACKHAUL_PROXIES
  rereadEnv()
  expect(seen).toEqual(['127.0.0.1', undefined, '6.6.6.6', 'evil.example'])
})
