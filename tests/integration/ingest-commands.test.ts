import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { bearer, verifyKey } from '../../lib/auth/api-keys'
import { run as keys } from '../../scripts/commands/keys'
import { run as quarantine } from '../../scripts/commands/quarantine'
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

/** Each command is a process of its own that loads the whole product: seconds on a busy machine. */
const PATIENT = { timeout: 240_000 }

test('keys: created as the last line, listed without the secret, revoked', PATIENT, async () => {
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

test('quarantine: listed, shown byte for byte, replayed after a dry run, dismissed', PATIENT, async () => {
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

// Last, since a command closes the connections that it finds.
test.each([
  { command: keys, args: ['create'], says: 'Scopes are' },
  { command: keys, args: ['create', '--scopes', 'all'], says: 'Scopes are' },
  { command: keys, args: ['create', '--scopes', 'events:write', '--source', '/a*b'], says: 'A source is' },
  { command: keys, args: ['create', '--scopes', 'events:write', '--days', '401'], says: '1 to 400 days' },
  { command: keys, args: ['create', '--scopes', 'events:write', '--dyas', '4'], says: '--dyas' },
  { command: keys, args: [], says: 'keys create' },
  { command: quarantine, args: ['replay', '--run'], says: 'Say which rows' },
  { command: quarantine, args: ['show', 'x'], says: 'no id' },
])('$args: $says', async ({ command, args, says }) => {
  await expect(command(args)).rejects.toThrow(says)
})
