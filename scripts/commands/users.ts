import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { changeAccount, createAccount, createSetupToken, listAccounts, revokeSessions } from '../../lib/auth/accounts'
import { publicUrl } from '../../lib/auth/options'
import { ROLE_NAMES } from '../../lib/auth/permissions'
import { withInstallation } from '../installation'

export const summary =
  'lists, creates and changes people: list | create | role | disable | enable | revoke-sessions | setup-token'

const USAGE = `users list
users setup-token                                  a link for the first administrator, good for 15 minutes
users create --email A --name N [--role R[,R]]     prints a first password
users role --email A --role R[,R]                  replaces the roles; ends the person's sessions
users disable --email A | users enable --email A
users revoke-sessions --email A
Roles: ${ROLE_NAMES.join(', ')}`

export function run(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      email: { type: 'string', default: '' },
      name: { type: 'string', default: '' },
      role: { type: 'string', default: '' },
    },
  })
  const { email, name } = values
  const roles = values.role.split(',').filter(Boolean)
  return withInstallation(async () => {
    switch (positionals[0]) {
      case 'list':
        for (const person of await listAccounts()) {
          console.log(
            [
              person.email,
              person.name,
              person.roles.join(','),
              person.active ? '' : 'disabled',
              person.demo ? 'demo' : '',
            ].join('\t'),
          )
        }
        return 0
      case 'setup-token':
        console.log(`${publicUrl()}/login/setup?token=${await createSetupToken()}`)
        return 0
      case 'create': {
        const password = randomBytes(12).toString('base64url')
        await createAccount({ email, name: name || email, password, roles })
        console.log(password)
        return 0
      }
      case 'role':
        await changeAccount(email, { roles })
        return 0
      case 'disable':
      case 'enable':
        await changeAccount(email, { active: positionals[0] === 'enable' })
        return 0
      case 'revoke-sessions':
        console.log(`${await revokeSessions(email)} sessions ended`)
        return 0
      default:
        console.error(USAGE)
        return 1
    }
  })
}
