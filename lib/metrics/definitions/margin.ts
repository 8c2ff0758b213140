import type { FamilyDefinition, Metric } from '../definition-types'
import { codes, OPEN_AT_T, reached } from './expressions'

/** In the order of the waterfall: what goes out, what stays, what comes back, what it costs to handle. */
export const MARGIN_COMPONENTS = [
  {
    id: 'margin_refunds',
    label: 'Refunds',
    components: ['refund', 'goodwill', 'chargeback'],
    words: 'Refunds, credits, goodwill and chargebacks, without tax and before fees.',
  },
  {
    id: 'margin_fees',
    label: 'Fees kept',
    components: ['fee_income'],
    words: 'Restocking and shipping fees that customers paid.',
  },
  {
    id: 'margin_restocked',
    label: 'Restocked value',
    components: ['restocked_value'],
    words: 'Goods back in stock, at cost less write-down.',
  },
  {
    id: 'margin_liquidated',
    label: 'Liquidation',
    components: ['liquidation_proceeds'],
    words: 'Proceeds of goods sold off.',
  },
  {
    id: 'margin_claims',
    label: 'Supplier credits',
    components: ['claim_recovery'],
    words: 'What suppliers paid or credited.',
  },
  {
    id: 'margin_return_freight',
    label: 'Return freight',
    components: ['return_freight'],
    words: 'Freight of the goods on their way back.',
  },
  {
    id: 'margin_outbound_freight',
    label: 'Outbound freight',
    components: ['outbound_freight'],
    words: 'Freight out that nobody pays for any more.',
  },
  { id: 'margin_labor', label: 'Labor', components: ['labor'], words: 'Work of receiving, inspecting and sorting.' },
  {
    id: 'margin_refurbishment',
    label: 'Refurbishment',
    components: ['refurbishment'],
    words: 'Parts and work of repair.',
  },
  { id: 'margin_disposal', label: 'Disposal', components: ['disposal'], words: 'Cost of getting rid of goods.' },
  {
    id: 'margin_payment_fees',
    label: 'Payment fees',
    components: ['payment_fee'],
    words: 'Payment fees that are not given back.',
  },
  {
    id: 'margin_marketplace_fees',
    label: 'Marketplace fees',
    components: ['marketplace_fee'],
    words: 'Marketplace fees, less those given back.',
  },
] as const

const entries = { fact: 'money', time: 'money.at', value: 'money.amount', measure: 'sum', unit: 'money' } as const
const shown = { unit: 'money', good: 'up', bases: ['activity', 'cohort'], owner: 'controller' } as const

/** What returns do to the margin, in components that add up. */
export const margin: FamilyDefinition = {
  family: 'margin',
  parts: {
    margin_all: { ...entries, label: 'Net margin impact' },
    ...Object.fromEntries(
      MARGIN_COMPONENTS.map(({ id, label, components }) => [
        id,
        { ...entries, label, when: `money.component IN ${codes(components)}` },
      ]),
    ),
    exposure: {
      label: 'Expected recovery of open units',
      fact: 'stock',
      when: `${reached('received_at')} AND ${OPEN_AT_T}`,
      value: 'full_cost_value * recovery_share',
      measure: 'float',
      unit: 'money',
    },
  },
  metrics: [
    {
      ...shown,
      id: 'net_margin_impact',
      label: 'Net margin impact',
      value: { kind: 'part', of: 'margin_all' },
      sentence: 'What returns did to the margin: refunds and handling out, fees, goods and credits back in.',
      formula: 'Σ of its components',
    },
    ...MARGIN_COMPONENTS.map(
      ({ id, label, components, words }): Metric => ({
        ...shown,
        id,
        label,
        value: { kind: 'part', of: id },
        sentence: words,
        formula: `Σ amount of ${components.join(', ')}, signed as it changes the margin`,
      }),
    ),
    {
      ...shown,
      id: 'margin_share',
      label: 'Net margin impact, share of sales',
      unit: 'ratio',
      value: { kind: 'ratio', of: 'margin_all', by: 'sold_net' },
      sentence: 'Net margin impact as a share of net sales.',
      formula: 'net margin impact ÷ net sales',
    },
    {
      ...shown,
      id: 'open_exposure_value',
      label: 'Open exposure',
      good: 'none',
      bases: [],
      value: { kind: 'part', of: 'exposure' },
      sentence: 'What units that arrived and are not final yet are expected to bring, by their condition.',
      formula: 'Σ cost × share that units of that condition brought in the last 365 days',
    },
  ],
}
