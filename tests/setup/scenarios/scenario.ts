import type { Actor } from '../../../lib/auth/actor'
import { pool } from '../../../lib/db/client'
import { execute } from '../../../lib/workflow/execute'
import { commandNamed } from '../../../lib/workflow/registry'
import { type Bought, onItsWay, somebody } from '../cases'

/** A command that may be carried out now: who presses, and what they give. `build` brings everything about that it needs. */
export interface Scenario {
  readonly command: string
  /** What is special about it, where a command has several. */
  readonly about?: string
  /** An invariant that it rightly finds broken: what it tells is that something does not agree. */
  readonly finds?: string
  build(): Promise<{ readonly actor: Actor; readonly input: unknown }>
}

export const ines = somebody('ines', ['cs_agent'])
export const otto = somebody('otto', ['cs_agent'])
export const jo = somebody('jo', ['receiver'])
export const agnieszka = somebody('agnieszka', ['inspector'])
export const ruben = somebody('ruben', ['disposition_lead'])
export const hugo = somebody('hugo', ['compliance_officer'])
export const oscar = somebody('oscar', ['refund_approver_l2'])
export const tom = somebody('tom', ['vendor_recovery'])
export const lena = somebody('lena', ['inventory_controller'])
export const piotr = somebody('piotr', ['warehouse_manager'])
export const nadia = somebody('nadia', ['accountant'])
export const farah = somebody('farah', ['controller'])
export const sam = somebody('sam', ['integration_admin'])
export const greta = somebody('greta', ['auditor'])
export const paul = somebody('paul', ['privacy_officer'])

/** Carries a command out on the way to a scenario. */
export async function run<Result = Record<string, string>>(
  actor: Actor,
  name: string,
  input: unknown,
): Promise<Result> {
  const command = commandNamed(name)
  if (!command) throw new Error(`there is no command ${name}`)
  return (await execute(actor, command, input)).result as Result
}

export const rows = async <Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]> =>
  (await pool().query<Row & Record<string, unknown>>(sql, values)).rows

let made = 0
/** A name that nothing else has. */
export function fresh(word: string): string {
  made += 1
  return `${word}${made}`
}

/** A line of one order of an item of its own. */
export function bought(word: string, own: Partial<Bought> = {}): Bought {
  const id = fresh(word)
  return { id, sku: `SKU-${id}`, quantity: 1, net: '50', unitCost: '20', customerId: `C-${id}`, ...own }
}

/** A return that customer service has asked for. */
export async function requested(word: string, own: Partial<Bought> = {}): Promise<{ rmaId: string; unit: string }> {
  const line = bought(word, own)
  await onItsWay(line, { asked: 0 })
  const { rmaId, units } = await run<{ rmaId: string; units: string[] }>(ines, 'return.request', {
    orderId: `O-${line.id}`,
    lines: [{ orderLineId: line.id, quantity: line.quantity, reason: 'too_large' }],
  })
  return { rmaId, unit: units[0] ?? '' }
}

/** A unit that Jo has received. */
export async function received(word: string, own: Partial<Bought> = {}): Promise<string> {
  const { unit } = await onItsWay(bought(word, own))
  await run(jo, 'unit.receive', { unitId: unit, facility: 'venlo' })
  return unit
}

export const SEEN = { condition: 'B', finding: 'as_new', checklist: { tags: true, clean: true } }
/** A unit that Agnieszka has looked at. */
export async function inspected(
  word: string,
  seen: Record<string, unknown> = {},
  own: Partial<Bought> = {},
): Promise<string> {
  const unit = await received(word, own)
  await run(agnieszka, 'unit.inspect', { unitId: unit, ...SEEN, ...seen })
  return unit
}

/** The approval that waits for a subject. */
export async function waiting(subject: string): Promise<string> {
  const [row] = await rows<{ id: string }>(
    "SELECT id FROM approval WHERE subject_id = $1 AND state = 'open' ORDER BY requested_at DESC",
    subject,
  )
  if (!row) throw new Error(`nothing waits for ${subject}`)
  return row.id
}
