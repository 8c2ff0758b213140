import { beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../lib/auth/actor'
import { UserError } from '../../lib/errors'
import { addEvidence } from '../../lib/workflow/evidence/add'
import { execute } from '../../lib/workflow/execute'
import { refusedPage } from '../../lib/workflow/read/audit'
import { evidenceFile } from '../../lib/workflow/read/evidence'
import { commandNamed } from '../../lib/workflow/registry'
import { classify, onItsWay, openFacility, somebody, tell } from '../setup/cases'
import { freshDatabases } from '../setup/databases'
import { closedMonth } from '../setup/scenarios/books'
import {
  agnieszka,
  bought,
  fresh,
  greta,
  hugo,
  ines,
  inspected,
  jo,
  nadia,
  oscar,
  otto,
  received,
  requested,
  rows,
  ruben,
  run,
  waiting,
} from '../setup/scenarios/scenario'

await freshDatabases()
beforeAll(() => openFacility())

interface Attempt {
  readonly actor: Actor
  readonly command: string
  readonly input: unknown
  readonly id?: string
}
const two = (first: Actor, second: Actor): Actor => ({
  ...first,
  roles: [...first.roles, ...second.roles],
  permissions: new Set([...first.permissions, ...second.permissions]),
})
const maya = somebody('maya', ['refund_approver_l1'])

/** A refund that waits, at a price. */
async function refund(net: string): Promise<{ approval: string; rmaId: string; unit: string }> {
  const { rmaId, unit } = await requested('refused', { net })
  await run(otto, 'return.authorize', { rmaId }).catch(() => undefined)
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
  const { id = '' } = await run(ines, 'settlement.propose', { unitId: unit })
  return { approval: await waiting(id), rmaId, unit }
}

/** For each kind of control: somebody tries what it is there to stop. */
const CONTROLS: readonly (readonly [kind: string, code: string, attempt: () => Promise<Attempt>])[] = [
  [
    'a permission that the role does not have',
    'forbidden',
    async () => ({ actor: greta, command: 'unit.receive', input: { unitId: 'anything' } }),
  ],
  [
    'rows of another part of the company',
    'not_found',
    async () => ({
      actor: somebody('lodz', ['receiver'], { entities: null, facilities: ['lodz'], channels: null }),
      command: 'unit.amend_receipt',
      input: { unitId: await received('scope'), lot: 'L-1' },
    }),
  ],
  [
    'duties that exclude each other on one unit',
    'segregation_of_duties',
    async () => {
      const both = two(jo, agnieszka)
      return {
        actor: both,
        command: 'unit.inspect',
        input: {
          unitId: await received('duty'),
          condition: 'A',
          finding: 'as_new',
          checklist: { tags: true, clean: true },
        },
      }
    },
  ],
  [
    'a yes to what one has touched',
    'segregation_of_duties',
    async () => ({
      actor: two(jo, oscar),
      command: 'approval.approve',
      input: { ids: [(await refund('120')).approval] },
    }),
  ],
  [
    'an amount above the limit of the role',
    'approval_role',
    async () => ({ actor: maya, command: 'approval.approve', input: { ids: [(await refund('900')).approval] } }),
  ],
  [
    'more back than was sold',
    'over_ordered',
    async () => {
      const line = bought('cap')
      await onItsWay(line, { asked: 0 })
      const input = { orderId: `O-${line.id}`, lines: [{ orderLineId: line.id, quantity: 1, reason: 'too_small' }] }
      await run(ines, 'return.request', input)
      return { actor: ines, command: 'return.request', input }
    },
  ],
  [
    'the same thing paid twice',
    'settled_already',
    async () => {
      const { unit } = await refund('120')
      return { actor: ines, command: 'settlement.propose', input: { unitId: unit } }
    },
  ],
  [
    'more money back than is left of what was captured',
    'nothing_due',
    async () => {
      const { unit } = await requested('captured', { net: '20' })
      const about = {
        specversion: '1.0',
        id: fresh('bank'),
        source: '/psp/test',
        subject: unit,
        type: 'settlement.paid.v1',
      } as const
      const data = {
        settlement_id: about.id,
        unit_id: unit,
        kind: 'chargeback',
        amount: '20',
        currency: 'EUR',
      } as const
      await tell([{ ...about, time: new Date(Date.now() + 1000).toISOString(), data }], '/psp/test')
      return { actor: ines, command: 'settlement.propose', input: { unitId: unit } }
    },
  ],
  [
    'a posting into a closed period',
    'period_closed',
    async () => {
      const day = await closedMonth('acme-eu')
      const lines = [
        { account: 'return_costs.payment_fee', debit: '1' },
        { account: 'accrued_costs', credit: '1' },
      ]
      const input = { entity: 'acme-eu', currency: 'EUR', day, memo: 'It was forgotten.', lines }
      return { actor: nadia, command: 'journal.prepare', input }
    },
  ],
  [
    'a disposition that the class of the goods forbids',
    'goods_class',
    async () => {
      const sku = fresh('SKU-opened')
      await classify(sku, 'cosmetic_hygiene')
      const unitId = await inspected(
        'hygiene',
        { condition: 'C', finding: 'used', checklist: { tags: true, clean: true, seal: false } },
        { sku, lot: 'L-1' },
      )
      return {
        actor: ruben,
        command: 'unit.override',
        input: { unitId, disposition: 'restock', reason: 'It looks as new.' },
      }
    },
  ],
  [
    'a step without what must be looked at',
    'checklist_open',
    async () => ({
      actor: agnieszka,
      command: 'unit.inspect',
      input: { unitId: await received('codes'), condition: 'A', finding: 'as_new', checklist: { tags: true } },
    }),
  ],
  [
    'a step out of its order',
    'not_now',
    async () => ({
      actor: ruben,
      command: 'unit.dispose',
      input: { unitId: await received('order'), disposition: 'restock' },
    }),
  ],
  [
    'something seen before it changed',
    'approval_stale',
    async () => {
      const { approval } = await refund('120')
      const hashes = { [String(approval)]: 'what stood there before' }
      return { actor: oscar, command: 'approval.approve', input: { ids: [approval], hashes } }
    },
  ],
  [
    'something answered already',
    'approval_closed',
    async () => {
      const { approval } = await refund('120')
      await run(oscar, 'approval.reject', { ids: [approval], reason: 'Not convinced.' })
      return { actor: oscar, command: 'approval.approve', input: { ids: [approval] } }
    },
  ],
  [
    'an id that nothing has',
    'not_found',
    async () => ({ actor: oscar, command: 'approval.approve', input: { ids: [crypto.randomUUID()] } }),
  ],
  [
    'the id of another command',
    'command_reused',
    async () => {
      const command = commandNamed('unit.receive')
      if (!command) throw new Error('there is no command to receive')
      const id = crypto.randomUUID()
      const { unit } = await onItsWay(bought('reuse'))
      await execute(jo, command, { unitId: unit, facility: 'venlo' }, id)
      return { actor: jo, command: 'unit.receive', input: { unitId: 'another' }, id }
    },
  ],
  [
    'evidence destroyed before its time',
    'evidence_retention',
    async () => {
      const { sha256 } = await addEvidence(jo, {
        bytes: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(fresh('photo'))]),
        ...{ subjectType: 'unit', subjectId: await received('photo') },
      })
      return { actor: hugo, command: 'evidence.purge', input: { files: [sha256], reason: 'Nobody needs it.' } }
    },
  ],
]

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof UserError ? error.code : String(error)),
  )
const written = () =>
  rows<{ actor: string; command: string; code: string }>(
    'SELECT actor, command, code FROM refusal ORDER BY id DESC LIMIT 1',
  )

it.each(CONTROLS)('%s is refused with %s, and the attempt is written down', async (_kind, code, attempt) => {
  const { actor, command: name, input, id } = await attempt()
  const command = commandNamed(name)
  if (!command) throw new Error(`there is no command ${name}`)
  const [before] = await rows<{ n: number }>('SELECT count(*)::int AS n FROM refusal')
  expect(await codeOf(execute(actor, command, input, id))).toBe(code)
  expect(await rows('SELECT count(*)::int AS n FROM refusal')).toEqual([{ n: (before?.n ?? 0) + 1 }])
  expect(await written()).toEqual([{ actor: actor.userId, command: name, code }])
  const { lines } = await refusedPage(greta)
  expect(lines[0]).toMatchObject({ actor: actor.userId, command: name, code })
})

it('so is what is no command: a file that is not theirs, and bytes that are no evidence', async () => {
  const una = somebody('una', ['user_admin'])
  expect(await codeOf(evidenceFile(una, '0'.repeat(64)))).toBe('forbidden')
  expect(await written()).toEqual([{ actor: una.userId, command: 'evidence.open', code: 'forbidden' }])
  const about = { subjectType: 'unit', subjectId: await received('file') }
  expect(await codeOf(addEvidence(una, { ...about, bytes: Buffer.from('MZ') }))).toBe('forbidden')
  expect(await written()).toEqual([{ actor: una.userId, command: 'evidence.add', code: 'forbidden' }])
  expect(await codeOf(addEvidence(jo, { ...about, bytes: Buffer.from('MZ') }))).toBe('evidence_type')
  expect(await written()).toEqual([{ actor: jo.userId, command: 'evidence.add', code: 'evidence_type' }])
})

it('bad input is a slip and is not', async () => {
  const [before] = await rows<{ n: number }>('SELECT count(*)::int AS n FROM refusal')
  const command = commandNamed('unit.receive')
  expect(command && (await codeOf(execute(jo, command, { unit: 'x' })))).toBe('invalid_input')
  expect(await rows('SELECT count(*)::int AS n FROM refusal')).toEqual([before])
})
