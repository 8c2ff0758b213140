import { type Transaction, withTransaction } from '../../db/client'
import { UserError } from '../../errors'
import { formatUnits } from '../../money'
import { ruled } from '../disposition/proposal'
import type { UnitRow } from '../record/types'
import { previewFor } from '../settlements/propose'
import type { CaseAction, DispositionProposal, SettlementPreview } from './case-types'

const money = (amount: bigint): string => formatUnits(amount, 2)

export interface Proposals {
  readonly dispositions: ReadonlyMap<string, DispositionProposal>
  readonly previews: readonly SettlementPreview[]
}

/** What the rules say of the units that the reader may decide on now: what would become of them, and what their customers would get. */
export async function proposalsOf(
  actions: readonly CaseAction[],
  units: readonly UnitRow[],
  at: Date,
): Promise<Proposals> {
  const openFor = (unit: UnitRow, ...names: string[]) =>
    actions.some(
      ({ command, subject, why }) => why === null && subject?.id === unit.id && names.some((name) => name === command),
    )
  const decidable = units.filter((unit) => openFor(unit, 'unit.dispose', 'unit.override'))
  const payable = units.filter((unit) => openFor(unit, 'settlement.propose'))
  if (decidable.length + payable.length === 0) return { dispositions: new Map(), previews: [] }
  return withTransaction(async (tx) => {
    const dispositions = new Map<string, DispositionProposal>()
    for (const unit of decidable) {
      const decided = await ruled(tx, unit, at)
      if (decided) {
        const { disposition, row, note } = decided.proposal
        dispositions.set(unit.id, { disposition, row, note, version: decided.version })
      }
    }
    const previews: SettlementPreview[] = []
    for (const unit of payable) previews.push(await previewOf(tx, unit, at))
    return { dispositions, previews }
  })
}

async function previewOf(tx: Transaction, unit: UnitRow, at: Date): Promise<SettlementPreview> {
  const none = { replacement: '', value: '', due: '' }
  const nothing = { ...none, entitled: '', fee: '', deduction: '', withheld: '', amount: '', row: '' }
  try {
    const { kind, entitlement: due, exchange, row } = await previewFor(tx, unit, {}, at)
    return {
      unitId: unit.id,
      kind,
      entitled: money(due.entitled),
      fee: money(due.fee),
      deduction: money(due.deduction),
      withheld: money(due.withheld),
      amount: money(exchange?.amount ?? due.amount),
      ...(exchange
        ? {
            replacement: `${exchange.quantity} × ${exchange.sku}`,
            value: money(exchange.value),
            due: money(exchange.due),
          }
        : none),
      currency: unit.currency,
      row,
      why: '',
    }
  } catch (error) {
    if (error instanceof UserError)
      return { unitId: unit.id, kind: '', currency: unit.currency, ...nothing, why: error.message }
    throw error
  }
}
