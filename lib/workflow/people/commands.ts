import { z } from 'zod'
import { type Account, accountById, changeAccount, createAccount, revokeSessions } from '../../auth/accounts'
import { EVERYTHING } from '../../auth/actor'
import { actingAs, mitigate } from '../../auth/mitigations'
import { isRole } from '../../auth/permissions'
import { conflictsOf } from '../../auth/segregation'
import { UserError } from '../../errors'
import { type Context, command } from '../command'

const reason = z.string().trim().min(3, 'Say why.').max(500)
const personId = z.uuid('is no person')
const role = z.string().refine(isRole, 'is no role')
const ids = z.array(z.string().min(1).max(200)).max(500).nullable()
const scope = { entities: ids, facilities: ids, channels: ids }
/** Who watches over roles that exclude each other; `until` is the last day. */
const mitigation = z.strictObject({
  owner: z.string().min(3).max(254),
  until: z.iso.date('is no day'),
  review: z.string().trim().min(3, 'Say what the reviewer looks at.').max(500),
})

type Given = z.output<typeof mitigation>

/** The whole of the last day counts. */
const until = (day: string): Date => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000 - 1)
const mitigationOf = (given: Given | undefined) =>
  given && { owner: given.owner, review: given.review, until: until(given.until) }

/** The person whom a command is about, who is somebody else than its sender; the transaction knows who changes them, and why. */
async function otherPerson(context: Context, id: string, why: string): Promise<Account> {
  const person = await accountById(id, context.tx)
  if (!person) throw new UserError('not_found', 'There is no such person.', 404, 'personId')
  if (person.id === context.doer.id)
    throw new UserError(
      'self_grant',
      'Nobody changes their own roles, rows or access: another user administrator does.',
      403,
      'personId',
    )
  await actingAs(context.tx, { id: context.doer.id, reason: why, commandId: context.commandId })
  return person
}

const changing = (context: Context) => ({ on: context.tx, by: context.doer.id, now: context.at })

/** Makes a person, who chooses a password by a link of their own or signs in by single sign-on. */
const invite = command({
  name: 'person.invite',
  title: 'Invite',
  permission: 'users:manage',
  input: z.strictObject({
    email: z.string(),
    name: z.string(),
    roles: z.array(role).max(18).default([]),
    scope: z.strictObject(scope).default(EVERYTHING),
    reason,
  }),
  async run(context, given): Promise<{ personId: string }> {
    await actingAs(context.tx, { id: context.doer.id, reason: given.reason, commandId: context.commandId })
    const { id } = await createAccount(given, context.tx)
    return { personId: id }
  },
})

/** Gives a role. What it makes together with the others is weighed: roles that exclude each other need somebody who watches over it. */
const grant = command({
  name: 'person.grant',
  title: 'Give a role',
  permission: 'users:manage',
  input: z.strictObject({ personId, role, reason, mitigation: mitigation.optional() }),
  async run(context, given): Promise<{ roles: string[] }> {
    const person = await otherPerson(context, given.personId, given.reason)
    if (person.roles.includes(given.role))
      throw new UserError('nothing_changed', `${person.name} has this role already.`, 409, 'role')
    const roles = [...person.roles.filter(isRole), given.role]
    const changed = await changeAccount(
      person.email,
      { roles, mitigation: mitigationOf(given.mitigation) },
      changing(context),
    )
    return { roles: changed.roles }
  },
})

const takeAway = command({
  name: 'person.take_away',
  title: 'Take a role away',
  permission: 'users:manage',
  input: z.strictObject({ personId, role: z.string().min(1).max(60), reason }),
  async run(context, given): Promise<{ roles: string[] }> {
    const person = await otherPerson(context, given.personId, given.reason)
    if (!person.roles.includes(given.role))
      throw new UserError('nothing_changed', `${person.name} does not have this role.`, 409, 'role')
    // Roles of a later version than this one are no roles here; what is taken away goes, and they with it.
    const roles = person.roles.filter((each) => each !== given.role && isRole(each))
    return { roles: (await changeAccount(person.email, { roles }, changing(context))).roles }
  },
})

/** Renews the review of two roles that exclude each other, or puts one in place where there was none. */
const review = command({
  name: 'person.review_roles',
  title: 'Record a review',
  permission: 'users:manage',
  input: z.strictObject({ personId, first: role, second: role, ...mitigation.shape, reason }),
  async run(context, given): Promise<{ until: string }> {
    const person = await otherPerson(context, given.personId, given.reason)
    const pair = conflictsOf(person.roles).find((each) =>
      [given.first, given.second].every((one) => each.some((held) => held === one)),
    )
    if (!pair) throw new UserError('nothing_changed', `${person.name} does not hold two such roles.`, 409, 'first')
    const { owner, review: looks } = given
    const end = until(given.until)
    const granted = person.roles.indexOf(pair[0]) > person.roles.indexOf(pair[1]) ? pair[0] : pair[1]
    await mitigate(context.tx, person, pair, granted, { owner, review: looks, until: end }, context.doer.id, context.at)
    return { until: end.toISOString() }
  },
})

/** Limits the rows that somebody sees, or lifts a limit; null is all, an empty list none. */
const limit = command({
  name: 'person.scope',
  title: 'Change what they see',
  permission: 'users:manage',
  input: z.strictObject({ personId, ...scope, reason }),
  async run(context, { personId: id, reason: why, ...rows }): Promise<{ changed: boolean }> {
    const person = await otherPerson(context, id, why)
    await changeAccount(person.email, { scope: rows }, changing(context))
    return { changed: true }
  },
})

const access = (active: boolean) =>
  command({
    name: active ? 'person.reactivate' : 'person.deactivate',
    title: active ? 'Let in again' : 'Deactivate',
    permission: 'users:manage',
    input: z.strictObject({ personId, reason }),
    async run(context, given): Promise<{ active: boolean }> {
      const person = await otherPerson(context, given.personId, given.reason)
      if (person.active === active)
        throw new UserError('nothing_changed', `${person.name} is ${active ? 'active' : 'deactivated'} already.`, 409)
      await changeAccount(person.email, { active }, changing(context))
      return { active }
    },
  })

/** Signs somebody out everywhere; their next request is refused. */
const endSessions = command({
  name: 'person.end_sessions',
  title: 'End sessions',
  permission: 'users:manage',
  input: z.strictObject({ personId, reason }),
  async run(context, given): Promise<{ ended: number }> {
    const person = await accountById(given.personId, context.tx)
    if (!person) throw new UserError('not_found', 'There is no such person.', 404, 'personId')
    const ended = await revokeSessions(person.email, context.at, context.tx)
    await context.audit(
      [
        {
          action: 'account.sessions_ended',
          objectType: 'account',
          objectId: person.id,
          diff: { sessions: [ended, 0] },
        },
      ],
      { reason: given.reason },
    )
    return { ended }
  },
})

export const peopleCommands = [
  invite,
  grant,
  takeAway,
  review,
  limit,
  access(false),
  access(true),
  endSessions,
] as const
