import type { AnyEvent } from '../../ingest/contract/event'
import type { Actor } from '../../lib/auth/actor'
import { db, pool } from '../../lib/db/client'
import type { Way } from '../../lib/returns/reconciliation'
import { approvalCommands } from '../../lib/workflow/approvals'
import { execute } from '../../lib/workflow/execute'
import { reconciliationCommands } from '../../lib/workflow/reconciliation/commands'
import { compare } from '../../lib/workflow/reconciliation/compare'
import { everything } from '../../lib/workflow/reconciliation/side'
import { dealtWith } from '../../lib/workflow/reconciliation/states'
import type { AnyCommand } from '../../lib/workflow/registry'
import { stockCommands } from '../../lib/workflow/stock/commands'
import { onItsWay, openFacility, somebody, tell } from './cases'

export const nadia = somebody('nadia', ['accountant'])
export const farah = somebody('farah', ['controller'])
export const lena = somebody('lena', ['inventory_controller'])
export const DAY = 86_400_000
export const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString()

export const run = async <T>(actor: Actor, name: string, input: unknown): Promise<T> => {
  const commands: readonly AnyCommand[] = [...reconciliationCommands, ...stockCommands, ...approvalCommands]
  const command = commands.find((each) => each.name === name)
  if (!command) throw new Error(`no command ${name}`)
  return (await execute(actor, command, input)).result as T
}
export const refused = (actor: Actor, name: string, input: unknown) =>
  run(actor, name, input).then(
    () => 'done',
    (error: { code?: string }) => error.code,
  )
export const differences = async (way: Way) => (await compare(db(), way, everything, new Date())).differences
export const states = async (way: Way) => {
  const list = await differences(way)
  const dealt = await dealtWith(db(), list, new Date())
  return Object.fromEntries(list.map((each) => [each.key, dealt(each).state]))
}
export const exceptions = async () => {
  const { rows } = await pool().query<{ subject: string; state: string; resolution: string | null; message: string }>(
    "SELECT subject, state, resolution, message FROM case_exception WHERE kind = 'reconciliation_difference' ORDER BY raised_at, subject",
  )
  return rows
}
const CONTROLLED = [
  'stock_movement',
  'stock_balance',
  'return_unit',
  'payment',
  'journal_entry',
  'journal_line',
  'settlement',
  'supplier_claim',
]

/** A row past every control, as somebody with the rights of the tables' owner could write it. */
export async function plant(sql: string): Promise<void> {
  const client = await pool().connect()
  const triggers = (what: string) => CONTROLLED.map((table) => `ALTER TABLE ${table} ${what} TRIGGER USER`).join(';')
  try {
    await client.query(`BEGIN; ${triggers('DISABLE')}; ${sql}; ${triggers('ENABLE')}; COMMIT`)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

let n = 0
export const event = (type: string, unit: string, time: string, data: Record<string, unknown>): AnyEvent => {
  n += 1
  return {
    ...{ specversion: '1.0', id: `r${n}`, source: '/shop/test', type, time, subject: unit },
    data: { unit_id: unit, ...data },
  } as AnyEvent
}

/** A unit that has come back, and its settlement. */
export async function returned(
  line: string,
  own: { received?: number; paid?: string | null; ref?: string; sku?: string } = {},
) {
  const { unit } = await onItsWay({ id: line, sku: own.sku ?? 'SKU-1', quantity: 2, net: '100', unitCost: '20' })
  await tell([
    event('unit.received.v1', unit, ago(2), { facility: 'venlo', quantity: own.received ?? 2, location: 'dock' }),
    ...(own.paid === null
      ? []
      : [
          event('settlement.paid.v1', unit, ago(1), {
            ...{ settlement_id: `ST-${line}`, kind: 'refund', amount: own.paid ?? '40', currency: 'EUR' },
            external_ref: own.ref ?? `re_${line}`,
          }),
        ]),
  ])
  return unit
}

/** Four returns that came back and were paid. */
export async function fourReturns(): Promise<void> {
  await openFacility()
  for (const line of ['A', 'B', 'C', 'D']) await returned(line)
}
