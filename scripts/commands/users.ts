import { randomBytes } from 'node:crypto'
import {
  type Account,
  changeAccount,
  createAccount,
  findAccount,
  listAccounts,
  revokeSessions,
} from '../../lib/auth/accounts'
import { EVERYTHING, type Scope } from '../../lib/auth/actor'
import { publicUrl } from '../../lib/auth/cookie'
import { createSetupToken } from '../../lib/auth/first-administrator'
import type { Mitigation } from '../../lib/auth/mitigations'
import { ROLE_NAMES } from '../../lib/auth/permissions'
import { keepSetUpToken, newSetUpToken } from '../../lib/auth/set-up-links'
import { withTransaction } from '../../lib/db/client'
import { env } from '../../lib/env'
import { UserError } from '../../lib/errors'
import { commandArguments, noArguments } from '../command-arguments'
import { readRunFile, withInstallation } from '../installation'

export const summary =
  'people: users list | create | role | scope | password | link | disable | enable | revoke-sessions | setup-token'

export const usage = `users setup-token                                  a link for the first administrator, good for 15 minutes
users list
users create --email A [--name N] [--role R]       prints a first password as its last line
users role --email A --role R                      replaces the roles
           [--reviewer B --until YYYY-MM-DD --review TEXT]
                                                   for roles that exclude each other: who watches over it, 90 days at most
users scope --email A [--entities E] [--facilities F] [--channels C]
                                                   limits the rows that they see; "all" lifts a limit, "" means none
users password --email A                           prints a new password as its last line
users link --email A                               prints a link with which they choose one, good for three days
users disable --email A | users enable --email A
users revoke-sessions --email A                    signs the person out everywhere

Lists are separated by commas. Whatever changes an account ends its sessions with the next request.
Roles: ${ROLE_NAMES.join(', ')}`

const OPTIONS = {
  email: { type: 'string' },
  name: { type: 'string' },
  role: { type: 'string' },
  entities: { type: 'string' },
  facilities: { type: 'string' },
  channels: { type: 'string' },
  reviewer: { type: 'string' },
  until: { type: 'string' },
  review: { type: 'string' },
} as const

/** `npm run backhaul -- users …`. What a script may want is on standard output, the rest on standard error. */
export async function run(args: string[]): Promise<number> {
  const { positionals, values } = commandArguments({ args, allowPositionals: true, options: OPTIONS }, usage)
  const [action = '', ...more] = positionals
  const command = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined
  if (!command) throw new UserError('usage', usage)
  noArguments(more, usage)
  const { email = '', name = email } = values
  const person = { email, name, roles: list(values.role), scope: scopeOf(values), mitigation: mitigationOf(values) }
  if (command.needsEmail && email === '') throw new UserError('usage', `Whom? Give --email.\n\n${usage}`)
  await withInstallation(() => command.run(person))
  return 0
}

interface Asked {
  readonly email: string
  readonly name: string
  /** What was not given stays as it is, and is empty for somebody new. */
  readonly roles: readonly string[] | undefined
  readonly scope: Partial<Scope>
  readonly mitigation: Mitigation | undefined
}

const list = (value: string | undefined): string[] | undefined =>
  value
    ?.split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')

const KINDS = ['entities', 'facilities', 'channels'] as const

const scopeOf = (values: Partial<Record<(typeof KINDS)[number], string>>): Partial<Scope> =>
  Object.fromEntries(
    KINDS.flatMap((kind) => {
      const given = list(values[kind])
      return given ? [[kind, given.join() === 'all' ? null : given]] : []
    }),
  )

function mitigationOf(values: { reviewer?: string; until?: string; review?: string }): Mitigation | undefined {
  const { reviewer: owner, until = '', review = '' } = values
  if (owner === undefined) return undefined
  const end = new Date(`${until}T23:59:59Z`)
  if (Number.isNaN(end.getTime())) throw new UserError('usage', `Until when? Give --until YYYY-MM-DD.\n\n${usage}`)
  return { owner, until: end, review }
}

const newPassword = () => randomBytes(15).toString('base64url')

function tell(person: Account): void {
  const scope = Object.entries(person.scope).flatMap(([kind, ids]) =>
    ids === null ? [] : [`${kind}: ${ids.join(', ') || 'none'}`],
  )
  const roles = person.roles.join(',') || 'no role'
  const marks = [...scope, ...(person.active ? [] : ['disabled']), ...(person.demo ? ['demo'] : [])]
  console.log([person.email, person.name, roles, ...marks].join('\t'))
}

/** Where people reach this installation. */
const home = (): string => env().BACKHAUL_URL ?? readRunFile(env().BACKHAUL_DATA)?.webUrl ?? publicUrl()

const COMMANDS: Readonly<Record<string, { needsEmail: boolean; run: (asked: Asked) => Promise<void> } | undefined>> = {
  list: {
    needsEmail: false,
    run: async () => {
      const people = await listAccounts()
      for (const person of people) tell(person)
      if (people.length === 0) console.error('There is nobody yet: npm run backhaul -- users setup-token')
    },
  },
  'setup-token': {
    needsEmail: false,
    run: async () => {
      const token = await createSetupToken()
      console.error('Open this within 15 minutes; it works once:')
      console.log(`${home()}/login/setup?token=${token}`)
    },
  },
  create: {
    needsEmail: true,
    run: async ({ email, name, roles, scope }) => {
      const password = newPassword()
      tell(await createAccount({ email, name, roles: roles ?? [], scope: { ...EVERYTHING, ...scope }, password }))
      console.error('The first password, shown this once:')
      console.log(password)
    },
  },
  password: {
    needsEmail: true,
    run: async ({ email }) => {
      const password = newPassword()
      tell(await changeAccount(email, { password }))
      console.error('The new password, shown this once:')
      console.log(password)
    },
  },
  role: {
    needsEmail: true,
    run: async ({ email, roles, mitigation }) => {
      if (!roles) throw new UserError('usage', `Which roles? Give --role; an empty list takes all away.\n\n${usage}`)
      tell(await changeAccount(email, { roles, mitigation }))
    },
  },
  link: {
    needsEmail: true,
    run: async ({ email }) => {
      const found = await findAccount(email)
      if (!found) throw new UserError('account_unknown', `There is no account for ${email}.`, 404, 'email')
      const { token, hash } = newSetUpToken()
      await withTransaction((tx) => keepSetUpToken(tx, found.id, hash, new Date()))
      console.error(`For ${found.name}, good for three days; it works once:`)
      console.log(`${home()}/login/setup?token=${token}`)
    },
  },
  scope: {
    needsEmail: true,
    run: async ({ email, scope }) => {
      if (Object.keys(scope).length === 0) {
        throw new UserError('usage', `Which rows? Give --entities, --facilities or --channels.\n\n${usage}`)
      }
      tell(await changeAccount(email, { scope }))
    },
  },
  disable: { needsEmail: true, run: async ({ email }) => tell(await changeAccount(email, { active: false })) },
  enable: { needsEmail: true, run: async ({ email }) => tell(await changeAccount(email, { active: true })) },
  'revoke-sessions': {
    needsEmail: true,
    run: async ({ email }) => {
      const ended = await revokeSessions(email)
      console.log(`${ended} ${ended === 1 ? 'session' : 'sessions'} ended`)
    },
  },
}
