import { randomBytes } from 'node:crypto'
import type { AnyEvent } from '../../../ingest/contract/event'
import { addEvidence } from '../../../lib/workflow/evidence/add'
import { payOnce } from '../../../lib/workflow/settlements/pay'
import { tell } from '../cases'
import { farah, fresh, ines, jo, nadia, oscar, requested, rows, run, type Scenario, waiting } from './scenario'

/** A piece that came back for what is settled in a kind that needs no provider, approved and taken as far as it goes. */
async function settled(word: string, kind: 'exchange' | 'store_credit'): Promise<{ id: string; customerId: string }> {
  const { unit } = await requested(word, { net: '120' })
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
  const { id = '' } = await run(ines, 'settlement.propose', { unitId: unit, kind })
  await run(oscar, 'approval.approve', { ids: [await waiting(id)] })
  while ((await payOnce(undefined)) > 0);
  const [row] = await rows<{ customer_id: string }>('SELECT customer_id FROM return_unit WHERE id = $1', unit)
  return { id, customerId: row?.customer_id ?? '' }
}

/** A chargeback that a bank has told of, and a document of its case. */
async function chargeback(word: string): Promise<{ settlementId: string; evidence: string[] }> {
  const { unit } = await requested(word, { net: '120' })
  const settlementId = fresh('CB-')
  await tell([
    {
      ...{ specversion: '1.0', id: settlementId, source: '/psp/test', type: 'settlement.paid.v1', subject: unit },
      time: new Date().toISOString(),
      data: { settlement_id: settlementId, unit_id: unit, kind: 'chargeback', amount: '20.00', currency: 'EUR' },
    } as AnyEvent,
  ])
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), randomBytes(300)])
  const { sha256 } = await addEvidence(jo, { bytes, subjectType: 'unit', subjectId: unit })
  return { settlementId, evidence: [sha256] }
}

async function ending(word: string): Promise<{ customerId: string; currency: string; amount: string; reason: string }> {
  const { customerId } = await settled(word, 'store_credit')
  return { customerId, currency: 'EUR', amount: '20.00', reason: 'Given to the wrong customer.' }
}

export const AFTER_SETTLING: readonly Scenario[] = [
  {
    command: 'settlement.propose',
    about: 'an exchange for something cheaper',
    async build() {
      const { unit } = await requested('other', { net: '120' })
      await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
      return { actor: ines, input: { unitId: unit, kind: 'exchange', replacementPrice: '90.00' } }
    },
  },
  {
    command: 'exchange.cancel',
    async build() {
      const { id } = await settled('sold-out', 'exchange')
      return { actor: ines, input: { settlementId: id, reason: 'Sold out in this size.' } }
    },
  },
  {
    command: 'store_credit.spend',
    async build() {
      const { customerId } = await settled('credit', 'store_credit')
      return { actor: ines, input: { customerId, currency: 'EUR', orderId: fresh('O-next'), amount: '30.00' } }
    },
  },
  {
    command: 'store_credit.void',
    async build() {
      return { actor: nadia, input: await ending('void') }
    },
  },
  {
    command: 'approval.approve',
    about: 'the end of store credit',
    async build() {
      const { id = '' } = await run(nadia, 'store_credit.void', await ending('ended'))
      return { actor: farah, input: { ids: [await waiting(id)] } }
    },
  },
  {
    command: 'approval.reject',
    about: 'the end of store credit',
    async build() {
      const { id = '' } = await run(nadia, 'store_credit.void', await ending('kept'))
      return { actor: farah, input: { ids: [await waiting(id)], reason: 'It is theirs.' } }
    },
  },
  {
    command: 'chargeback.accept',
    async build() {
      const { settlementId } = await chargeback('let-go')
      return { actor: nadia, input: { settlementId, reason: 'Costs more than it is worth.' } }
    },
  },
  {
    command: 'chargeback.dispute',
    async build() {
      return { actor: nadia, input: { ...(await chargeback('contest')), note: 'It was given back before.' } }
    },
  },
]
