import { classify, onItsWay } from '../cases'
import {
  agnieszka,
  bought,
  fresh,
  hugo,
  ines,
  inspected,
  jo,
  otto,
  received,
  requested,
  ruben,
  run,
  type Scenario,
  SEEN,
} from './scenario'

const blind = async (sku: string): Promise<string> =>
  (await run(jo, 'unit.receive_blind', { facility: 'venlo', sku, tracking: fresh('TRACK-BLIND') })).unitId ?? ''

/** From the request to where the goods end. */
export const GOODS: readonly Scenario[] = [
  {
    command: 'return.request',
    async build() {
      const line = bought('ask', { quantity: 2 })
      await onItsWay(line, { asked: 0 })
      return {
        actor: ines,
        input: { orderId: `O-${line.id}`, lines: [{ orderLineId: line.id, quantity: 2, reason: 'defective' }] },
      }
    },
  },
  {
    command: 'return.authorize',
    async build() {
      const { rmaId } = await requested('authorize', { net: '2400' })
      return { actor: otto, input: { rmaId } }
    },
  },
  {
    command: 'return.reject',
    async build() {
      const { rmaId } = await requested('refuse', { net: '2400' })
      return { actor: otto, input: { rmaId, reason: 'It is not ours.' } }
    },
  },
  {
    command: 'return.cancel',
    about: 'with a refund proposed already',
    async build() {
      const { rmaId, unit } = await requested('cancel', { net: '120' })
      await run(ines, 'settlement.propose', { unitId: unit })
      return { actor: ines, input: { rmaId, reason: 'The customer keeps it.' } }
    },
  },
  {
    command: 'return.label',
    async build() {
      const { rmaId } = await requested('label')
      return { actor: ines, input: { rmaId, carrier: 'nordpost', trackingNumber: fresh('LABEL-') } }
    },
  },
  {
    command: 'unit.receive',
    async build() {
      const { unit } = await onItsWay(bought('receive'))
      return { actor: jo, input: { unitId: unit, facility: 'venlo', condition: 'B' } }
    },
  },
  {
    command: 'unit.receive',
    about: 'short, so that it is split and an exception raised',
    async build() {
      const { unit } = await onItsWay(bought('short', { quantity: 3 }))
      return { actor: jo, input: { unitId: unit, facility: 'venlo', quantity: 1 } }
    },
  },
  {
    command: 'unit.receive_blind',
    async build() {
      return { actor: jo, input: { facility: 'venlo', sku: fresh('SKU-blind'), tracking: fresh('TRACK-BLIND') } }
    },
  },
  {
    command: 'unit.amend_receipt',
    async build() {
      return { actor: jo, input: { unitId: await received('amend'), condition: 'C', lot: 'L-7' } }
    },
  },
  {
    command: 'unit.match',
    about: 'to a unit that is expected',
    async build() {
      const line = bought('expected')
      const { unit } = await onItsWay(line)
      return { actor: ines, input: { unitId: await blind(line.sku), expectedUnitId: unit } }
    },
  },
  {
    command: 'unit.match',
    about: 'to an order',
    async build() {
      const line = bought('order')
      await onItsWay(line, { asked: 0 })
      return { actor: ines, input: { unitId: await blind(line.sku), orderLineId: line.id, reason: 'too_small' } }
    },
  },
  {
    command: 'unit.undo_receipt',
    async build() {
      return { actor: jo, input: { unitId: await received('undo') } }
    },
  },
  {
    command: 'unit.inspect',
    async build() {
      return { actor: agnieszka, input: { unitId: await received('inspect'), ...SEEN, laborMinutes: 3 } }
    },
  },
  {
    command: 'unit.regrade',
    async build() {
      const unitId = await inspected('regrade')
      return { actor: agnieszka, input: { unitId, condition: 'C', finding: 'used', reason: 'There is a stain.' } }
    },
  },
  {
    command: 'unit.split',
    async build() {
      return { actor: agnieszka, input: { unitId: await received('split', { quantity: 3 }), into: [1, 2] } }
    },
  },
  {
    command: 'unit.skip',
    async build() {
      return { actor: agnieszka, input: { unitId: await received('skip'), code: 'not_found' } }
    },
  },
  {
    command: 'unit.dispose',
    async build() {
      return { actor: ruben, input: { unitId: await inspected('dispose'), disposition: 'restock' } }
    },
  },
  {
    command: 'unit.override',
    async build() {
      const unitId = await inspected('override')
      return { actor: ruben, input: { unitId, disposition: 'liquidate', reason: 'The season is over.' } }
    },
  },
  {
    command: 'unit.release',
    async build() {
      const line = { sku: fresh('SKU-serial'), serials: ['SN-1'] }
      await classify(line.sku, 'serialised_electronics')
      const unitId = await inspected('release', { serial: 'SN-9' }, line)
      await run(ruben, 'unit.dispose', { unitId, disposition: 'quarantine' })
      return { actor: hugo, input: { unitId, reason: 'The serial was read again.' } }
    },
  },
  {
    command: 'unit.move',
    async build() {
      const unitId = await inspected('move')
      await run(ruben, 'unit.dispose', { unitId, disposition: 'restock' })
      return { actor: ruben, input: { unitId, to: 'restocked' } }
    },
  },
]
