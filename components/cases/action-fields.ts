import { humanize } from '@/lib/format'
import { checklistOf } from '@/lib/returns/checklist'
import { CONDITIONS, DISPOSITIONS, FINDINGS, SETTLEMENT_KINDS } from '@/lib/returns/codes'
import { EXCEPTION_KIND_NAMES, EXCEPTION_KINDS } from '@/lib/returns/exceptions'
import { goodsClass } from '@/lib/returns/goods'
import { transitionsOf } from '@/lib/returns/lifecycle'
import type { CaseAction, CaseUnit, CaseView } from '@/lib/workflow/read/case-types'
import type { ActionField, ActionFormProps } from '../actions/action-form'

const options = (codes: readonly string[]) => codes.map((value) => ({ value, label: humanize(value) }))
const REASON: ActionField = { name: 'reason', label: 'Why', kind: 'long', required: true }
const SERIAL: ActionField = { name: 'serial', label: 'Serial', kind: 'text' }
const GRADE: readonly ActionField[] = [
  { name: 'condition', label: 'Condition', kind: 'select', options: options(CONDITIONS), required: true },
  { name: 'finding', label: 'Finding', kind: 'select', options: options(FINDINGS), required: true },
  SERIAL,
]

/** An action as a form: what it is told, what it asks, and what its button says it does. Null where the page has no form for it. */
export function formOf(action: CaseAction, view: CaseView): ActionFormProps | null {
  const { command, title, subject } = action
  const unit = subject?.type === 'unit' ? view.units.find(({ id }) => id === subject.id) : undefined
  if (unit) return unitForm(command, title, unit, view)
  if (subject?.type === 'settlement') return settlementForm(command, title, subject.id, view)
  const given = { rmaId: view.id, version: view.version }
  switch (command) {
    case 'return.authorize':
      return { command, title, button: title, given, fields: [{ ...REASON, required: false, label: 'Why (optional)' }] }
    case 'return.reject':
      return { command, title, button: 'Reject the return', given, fields: [REASON] }
    case 'return.cancel':
      return { command, title, button: 'Cancel the return', given, fields: [REASON] }
    case 'return.label':
      return {
        command,
        title,
        button: 'Make the label',
        given,
        fields: [
          { name: 'carrier', label: 'Carrier', kind: 'text', required: true },
          { name: 'trackingNumber', label: 'Tracking number', kind: 'text', required: true },
          { name: 'expectedAt', label: 'Expected', kind: 'datetime' },
        ],
      }
    default:
      return null
  }
}

function unitForm(command: string, title: string, unit: CaseUnit, view: CaseView): ActionFormProps | null {
  const given = { unitId: unit.id }
  switch (command) {
    case 'unit.receive':
      return {
        command,
        title,
        button: 'Receive it',
        given: { ...given, ...(unit.facility ? { facility: unit.facility } : {}) },
        fields: [
          {
            name: 'quantity',
            label: 'Pieces that came',
            kind: 'number',
            required: true,
            value: String(unit.quantity),
          },
          { name: 'condition', label: 'Condition at the dock', kind: 'select', options: options(CONDITIONS) },
          SERIAL,
          ...(goodsClass(unit.goodsClass).lot ? [{ name: 'lot', label: 'Lot', kind: 'text' as const }] : []),
        ],
      }
    case 'unit.inspect': {
      const checks = checklistOf(unit.category)
      return {
        command,
        title,
        button: 'Keep the inspection',
        given,
        fields: [
          ...GRADE,
          ...checks.map(
            ({ id, question }): ActionField => ({
              name: id,
              label: question,
              kind: 'select',
              required: true,
              options: [
                { value: 'yes', label: 'Yes' },
                { value: 'no', label: 'No' },
              ],
            }),
          ),
        ],
        group: 'checklist',
        groupNames: checks.map(({ id }) => id),
      }
    }
    case 'unit.regrade':
      return { command, title, button: 'Keep the new grade', given, fields: [...GRADE, REASON] }
    case 'unit.split':
      return {
        command,
        title,
        button: 'Split it',
        given,
        fields: [
          {
            name: 'into',
            label: `Pieces of each part, together ${unit.quantity}`,
            kind: 'numbers',
            required: true,
            value: `${unit.quantity - 1}, 1`,
          },
        ],
      }
    case 'unit.dispose':
      if (!unit.proposal) return null
      return {
        command,
        title: `Accept: ${humanize(unit.proposal.disposition).toLowerCase()}`,
        button: title,
        given: { ...given, disposition: unit.proposal.disposition },
        fields: [],
      }
    case 'unit.override':
      return {
        command,
        title,
        button: 'Decide against the rule',
        given,
        fields: [
          {
            name: 'disposition',
            label: 'What becomes of it',
            kind: 'select',
            options: options(DISPOSITIONS.filter((each) => each !== unit.proposal?.disposition)),
            required: true,
          },
          REASON,
        ],
      }
    case 'unit.release':
      return { command, title, button: 'Release it', given, fields: [REASON] }
    case 'unit.move':
      return moveForm(title, unit)
    case 'settlement.propose':
      return proposeForm(title, unit, view)
    default:
      return null
  }
}

function moveForm(title: string, unit: CaseUnit): ActionFormProps | null {
  const [end] = transitionsOf('unit.move').filter((each) => each.for === unit.disposition)
  if (!end?.to) return null
  const fields: ActionField[] = []
  if (end.to === 'liquidated')
    fields.push({ name: 'unitValue', label: `Sold for, one piece, ${unit.currency}`, kind: 'text', required: true })
  if (end.to === 'restocked') fields.push({ name: 'location', label: 'Location (optional)', kind: 'text' })
  if (end.to === 'scrapped' && goodsClass(unit.goodsClass).disposalCertificate)
    fields.push({ name: 'certificate', label: 'Disposal certificate, SHA-256', kind: 'text', required: true })
  return {
    command: 'unit.move',
    title: end.title,
    button: `${title}: ${end.title.toLowerCase()}`,
    given: { unitId: unit.id, to: end.to },
    fields,
  }
}

function proposeForm(title: string, unit: CaseUnit, view: CaseView): ActionFormProps | null {
  const preview = view.previews.find(({ unitId }) => unitId === unit.id)
  if (!preview || preview.why) return null
  const kind = humanize(preview.kind).toLowerCase()
  return {
    command: 'settlement.propose',
    title: preview.replacement
      ? `Propose an exchange for ${preview.replacement}`
      : `Propose a ${kind} of ${preview.amount} ${preview.currency}`,
    button: title,
    given: { unitId: unit.id },
    fields: [
      {
        name: 'kind',
        label: 'How',
        kind: 'select',
        required: true,
        value: preview.kind,
        options: options(SETTLEMENT_KINDS.filter((each) => each !== 'chargeback')),
      },
      { name: 'replacementSku', label: 'In an exchange, the item (the same when empty)', kind: 'text' },
      { name: 'replacementPrice', label: `Its price for one piece, ${preview.currency}`, kind: 'text' },
    ],
  }
}

function settlementForm(command: string, title: string, id: string, view: CaseView): ActionFormProps | null {
  const settlement = view.settlements.find((each) => each.id === id)
  if (!settlement) return null
  const figure = `${settlement.amount} ${settlement.currency}`
  const form = (button: string, fields: readonly ActionField[] = []): ActionFormProps => ({
    ...{ command, title, button, fields },
    given: { settlementId: id },
  })
  switch (command) {
    case 'settlement.reject':
      return form(`Withdraw ${figure}`, [REASON])
    case 'settlement.retry':
      return form(`Try ${figure} again`)
    case 'exchange.cancel':
      return form('Cancel it and refund', [REASON])
    case 'chargeback.accept':
      return form(`Let ${figure} go`, [REASON])
    case 'chargeback.dispute': {
      const files = documentsOf(settlement.unitId, view)
      const count = `${files.length} ${files.length === 1 ? 'document' : 'documents'}`
      return {
        ...form(`Dispute ${figure} with ${count}`, [
          { name: 'note', label: `What the ${count} of this case show`, kind: 'long', required: true },
        ]),
        given: { settlementId: id, evidence: files },
      }
    }
    default:
      return creditForm(command, title, view)
  }
}

/** Documents of the case that a bank can be shown: of all of it, or of the piece. */
const documentsOf = (unitId: string, { evidence }: CaseView): string[] =>
  [
    ...new Set(
      (evidence ?? [])
        .filter(({ about, purged }) => !purged && about.some(({ type, id }) => type === 'rma' || id === unitId))
        .map(({ sha256 }) => sha256),
    ),
  ].slice(0, 20)

function creditForm(command: string, title: string, view: CaseView): ActionFormProps | null {
  const { credit, customerId, entity } = view
  if (!credit) return null
  const given = { customerId, entity, currency: credit.currency }
  const amount: ActionField = {
    ...{ name: 'amount', label: `Amount, ${credit.currency}`, kind: 'text', required: true, value: credit.held },
  }
  if (command === 'store_credit.spend')
    return {
      ...{ command, title, given, button: 'Spend it' },
      fields: [{ name: 'orderId', label: 'Order that it pays', kind: 'text', required: true }, amount],
    }
  return {
    ...{ command, title, given, button: 'Ask to end it' },
    fields: [
      {
        ...{ name: 'kind', label: 'How', kind: 'select', required: true, value: 'voided' },
        options: [
          { value: 'voided', label: 'Void it, it was a mistake' },
          { value: 'expired', label: 'Let it expire' },
        ],
      },
      amount,
      REASON,
    ],
  }
}

/** A question for somebody else about this case. */
export const raiseForm = (view: CaseView): ActionFormProps => ({
  command: 'exception.raise',
  title: 'Raise an exception',
  button: 'Raise it',
  given: view.unmatched ? { unitId: view.id } : { rmaId: view.id },
  fields: [
    {
      name: 'kind',
      label: 'What is the matter',
      kind: 'select',
      required: true,
      options: EXCEPTION_KIND_NAMES.map((value) => ({ value, label: EXCEPTION_KINDS[value].label })),
    },
    { name: 'message', label: 'In a sentence', kind: 'long', required: true },
  ],
})
