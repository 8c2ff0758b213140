import { stripe } from '../../../lib/payments/stripe'
import { payOnce } from '../../../lib/workflow/settlements/pay'
import { startFakeProvider } from '../../../scripts/demo/payment-provider'
import {
  fresh,
  ines,
  jo,
  lena,
  nadia,
  oscar,
  piotr,
  received,
  requested,
  rows,
  run,
  type Scenario,
  waiting,
} from './scenario'

/** A refund that waits for somebody's yes. */
async function proposed(word: string, net = '120'): Promise<string> {
  const { unit } = await requested(word, { net })
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
  return (await run(ines, 'settlement.propose', { unitId: unit })).id ?? ''
}

/** Where something lies that can be counted. */
async function place(word: string, quantity = 3): Promise<Record<string, string>> {
  const unit = await received(word, { quantity })
  const [row] = await rows<{ sku: string; location: string }>(
    'SELECT sku, location FROM return_unit WHERE id = $1',
    unit,
  )
  return { facility: 'venlo', location: row?.location ?? '', sku: row?.sku ?? '', status: 'received' }
}

async function adjusted(word: string): Promise<string> {
  const asked = await run(lena, 'stock.adjust', { ...(await place(word)), delta: -2, reason: 'Two are not there.' })
  return asked.adjustmentId ?? ''
}

export const MONEY: readonly Scenario[] = [
  {
    command: 'settlement.propose',
    async build() {
      const { unit } = await requested('propose', { net: '120' })
      return { actor: ines, input: { unitId: unit } }
    },
  },
  {
    command: 'settlement.propose',
    about: 'that the automation approves at once',
    async build() {
      const { unit } = await requested('small', { net: '20' })
      await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
      return { actor: ines, input: { unitId: unit } }
    },
  },
  {
    command: 'settlement.reject',
    async build() {
      return { actor: ines, input: { settlementId: await proposed('withdraw'), reason: 'Asked for by mistake.' } }
    },
  },
  {
    command: 'settlement.retry',
    async build() {
      const settlementId = await proposed('retry')
      await run(oscar, 'approval.approve', { ids: [await waiting(settlementId)] })
      const provider = await startFakeProvider()
      provider.fail('declined', 'declined', 'declined')
      await payOnce(stripe({ key: 'k', url: provider.url }))
      await provider.close()
      return { actor: nadia, input: { settlementId } }
    },
  },
  {
    command: 'approval.approve',
    about: 'a refund',
    async build() {
      return { actor: oscar, input: { ids: [await waiting(await proposed('yes'))] } }
    },
  },
  {
    command: 'approval.approve',
    about: 'several refunds together',
    async build() {
      const ids = []
      for (const word of ['yes', 'yes', 'yes']) ids.push(await waiting(await proposed(word)))
      return { actor: oscar, input: { ids } }
    },
  },
  {
    command: 'approval.reject',
    about: 'a refund',
    async build() {
      return { actor: oscar, input: { ids: [await waiting(await proposed('no'))], reason: 'Not convinced.' } }
    },
  },
  {
    command: 'stock.count',
    about: 'with a difference',
    async build() {
      return { actor: lena, input: { ...(await place('count')), counted: 2 } }
    },
  },
  {
    command: 'stock.adjust',
    async build() {
      return { actor: lena, input: { ...(await place('adjust')), delta: -2, reason: 'Two are not there.' } }
    },
  },
  {
    command: 'approval.approve',
    about: 'a stock adjustment',
    async build() {
      return { actor: piotr, input: { ids: [await waiting(await adjusted('adjust'))] } }
    },
  },
  {
    command: 'approval.reject',
    about: 'a stock adjustment',
    async build() {
      return { actor: piotr, input: { ids: [await waiting(await adjusted('adjust'))], reason: 'Count again.' } }
    },
  },
  {
    command: 'exception.raise',
    async build() {
      const unitId = await received('late')
      return { actor: ines, input: { kind: 'late_shipment', unitId, message: fresh('Nobody has seen it since day ') } }
    },
  },
  ...(['exception.assign', 'exception.note', 'exception.resolve'] as const).map(
    (command): Scenario => ({
      command,
      async build() {
        const unitId = await received('odd')
        const { id } = await run(ines, 'exception.raise', {
          kind: 'late_shipment',
          unitId,
          message: 'Nobody has seen it.',
        })
        const input = {
          'exception.assign': { id, assignee: await agent() },
          'exception.note': { id, note: 'Asked nordpost.' },
          'exception.resolve': { ids: [id], resolution: 'arrived', note: 'It came.' },
        }[command]
        return { actor: ines, input }
      },
    }),
  ),
]

/** Somebody with an account to whom an exception can be given. */
async function agent(): Promise<string> {
  const { createAccount } = await import('../../../lib/auth/accounts')
  const { id } = await createAccount({
    ...{
      email: `${fresh('agent')}@test.example`,
      name: 'Agent',
      roles: ['cs_agent'],
      password: 'correct horse battery',
    },
    scope: { entities: null, facilities: null, channels: null },
  })
  return id
}
