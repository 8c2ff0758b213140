import { expect, test } from 'vitest'
import { launch, ROOT } from '../servers/child'
import * as audit from './audit'
import * as doctor from './doctor'
import * as keys from './keys'
import * as quarantine from './quarantine'
import * as rebuild from './rebuild'
import * as users from './users'
import * as verify from './verify'

test.each([
  ['rebuild', rebuild, ['--help-me']],
  ['rebuild', rebuild, ['now']],
  ['doctor', doctor, ['--nope']],
  ['verify', verify, ['--nope']],
  ['keys list', keys, ['list', 'all']],
  ['keys revoke', keys, ['revoke', 'one', 'two']],
  ['users', users, ['constructor']],
  ['users list', users, ['list', 'x']],
  ['users, unknown option', users, ['list', '--nope']],
  ['audit verify', audit, ['verify', 'x']],
  ['audit, unknown option', audit, ['verify', '--nope']],
  ['quarantine', quarantine, ['lst']],
] as const)(
  '%s does nothing with arguments that it does not know, and says how it is used',
  async (_, command, args) => {
    const { run, usage } = command
    await expect(Promise.resolve().then(() => run([...args]))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(usage),
    })
  },
)

test('rebuild --help says what it does instead of doing it; an import with a mistyped option says how it is used', async () => {
  const said = async (script: string, ...args: string[]) => {
    const child = await launch({
      command: process.execPath,
      args: ['--import=tsx', `${ROOT}/scripts/${script}.ts`, ...args],
    })
    const { code } = await child.exited
    return { code, said: child.tail() }
  }
  const [help, mistyped] = await Promise.all([
    said('backhaul', 'rebuild', '--help'),
    said('import', '--maping', 'x', 'y'),
  ])
  expect(help).toMatchObject({ code: 0, said: expect.stringContaining(rebuild.usage) })
  expect(mistyped).toMatchObject({
    code: 1,
    said: expect.stringMatching(/'--maping'[\s\S]*npm run import -- \[--mapping NAME\] FILE/),
  })
  expect(mistyped.said).not.toContain('    at ')
})
