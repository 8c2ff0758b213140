import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bearer, verifyKey } from '../../lib/auth/api-keys'
import { freshDatabases } from '../setup/databases'
import { logged, openDoor, quarantined, receipt } from './ingest-client'

await freshDatabases()
const door = openDoor()

/** A command as a person runs it; its exit code with both of its streams. */
async function backhaul(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cwd = join(import.meta.dirname, '../..')
  const running = promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/backhaul.ts', ...args], { cwd })
  return await running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  )
}

test('keys: created as the last line, listed without the secret, revoked', async () => {
  const made = await backhaul(
    'keys',
    'create',
    '--scopes',
    'events:write,metrics:read',
    '--source',
    '/*',
    '--name',
    'till',
    '--days',
    '30',
  )
  expect(made.code).toBe(0)
  const key = made.stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(await verifyKey(bearer(`Bearer ${key}`) ?? '')).toMatchObject({
    name: 'till',
    scopes: ['events:write', 'metrics:read'],
    sources: ['/*'],
  })
  const id = key.slice(8, 16)
  const list = await backhaul('keys', 'list')
  expect(list.stdout).toContain(id)
  expect(list.stdout).not.toContain(key.slice(17))
  expect((await backhaul('keys', 'revoke', id)).code).toBe(0)
  expect((await backhaul('keys', 'list')).stdout).toMatch(new RegExp(`${id} +revoked`))
  expect((await backhaul('keys', 'revoke', id)).code).toBe(1)
})

test.each([
  { args: ['keys', 'create'], says: 'Scopes are' },
  { args: ['keys', 'create', '--scopes', 'all'], says: 'Scopes are' },
  { args: ['keys', 'create', '--scopes', 'events:write', '--source', '/a*b'], says: 'A source is' },
  { args: ['keys', 'create', '--scopes', 'events:write', '--days', '401'], says: '1 to 400 days' },
  { args: ['keys', 'create', '--scopes', 'events:write', '--dyas', '4'], says: '--dyas' },
  { args: ['keys'], says: 'keys create' },
  { args: ['quarantine', 'replay', '--run'], says: 'Say which rows' },
  { args: ['quarantine', 'show', 'x'], says: 'no id' },
])('$args says what is wrong and exits 1', async ({ args, says }) => {
  const { code, stdout, stderr } = await backhaul(...args)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain(says)
})

test('quarantine: listed, shown byte for byte, replayed after a dry run, dismissed', async () => {
  const text = '{"broken": "ü'
  await door.post(`${text}\n${JSON.stringify(receipt('a', { time: 'x' }))}`, { 'content-type': 'application/x-ndjson' })
  const list = await backhaul('quarantine', 'list')
  expect(list.stdout.split('\n').filter(Boolean)).toHaveLength(2)
  const id = /^(\d+) .* not_json/m.exec(list.stdout)?.[1] ?? ''
  expect((await backhaul('quarantine', 'show', id)).stdout).toBe(`${text}\n`)
  expect((await backhaul('quarantine', 'replay', '--all')).stdout).toContain('0 would be accepted')
  expect((await backhaul('quarantine', 'replay', '--all', '--run')).stdout).toContain(
    'stay: 1 not_json, 1 time_invalid',
  )
  expect((await backhaul('quarantine', 'dismiss', id)).code).toBe(1)
  expect((await backhaul('quarantine', 'dismiss', id, '--note', 'line noise')).stdout).toContain('1 dismissed')
  expect((await quarantined()).map(({ state }) => state).sort()).toEqual(['dismissed', 'open'])
  expect(await logged()).toEqual([])
})
