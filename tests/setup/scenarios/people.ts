import { createAccount } from '../../../lib/auth/accounts'
import type { RoleName } from '../../../lib/auth/permissions'
import { openSession } from '../../../lib/auth/sessions'
import { somebody } from '../cases'
import { fresh, run, type Scenario } from './scenario'

/** Whoever manages people; the database asks for no account behind a test's somebody. */
const priya = somebody('priya', ['user_admin'])

const personWith = (roles: readonly RoleName[]) => {
  const name = fresh('person')
  return createAccount({ email: `${name}@test.example`, name, roles })
}
const reason = 'The team has changed.'
const inThirtyDays = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)

/** Who works here, and as what. */
export const PEOPLE: readonly Scenario[] = [
  {
    command: 'person.invite',
    build: async () => {
      const name = fresh('guest')
      return { actor: priya, input: { email: `${name}@test.example`, name, roles: ['receiver'], reason } }
    },
  },
  {
    command: 'person.grant',
    build: async () => ({
      actor: priya,
      input: { personId: (await personWith(['receiver'])).id, role: 'merchandiser', reason },
    }),
  },
  {
    command: 'person.take_away',
    build: async () => ({
      actor: priya,
      input: { personId: (await personWith(['receiver', 'merchandiser'])).id, role: 'merchandiser', reason },
    }),
  },
  {
    command: 'person.review_roles',
    async build() {
      const person = await personWith(['cs_agent'])
      const owner = await personWith(['controller'])
      const review = { owner: owner.email, until: inThirtyDays(), review: 'Every refund of the day, the next morning.' }
      await run(priya, 'person.grant', { personId: person.id, role: 'refund_approver_l1', reason, mitigation: review })
      return {
        actor: priya,
        input: { personId: person.id, first: 'cs_agent', second: 'refund_approver_l1', ...review, reason },
      }
    },
  },
  {
    command: 'person.scope',
    build: async () => ({
      actor: priya,
      input: {
        ...{ personId: (await personWith(['receiver'])).id, reason },
        ...{ entities: null, facilities: ['venlo'], channels: null },
      },
    }),
  },
  {
    command: 'person.deactivate',
    build: async () => ({ actor: priya, input: { personId: (await personWith(['receiver'])).id, reason } }),
  },
  {
    command: 'person.reactivate',
    async build() {
      const { id } = await personWith(['receiver'])
      await run(priya, 'person.deactivate', { personId: id, reason })
      return { actor: priya, input: { personId: id, reason } }
    },
  },
  {
    command: 'person.end_sessions',
    async build() {
      const person = await personWith(['receiver'])
      await openSession(person, 'a browser')
      return { actor: priya, input: { personId: person.id, reason } }
    },
  },
]
