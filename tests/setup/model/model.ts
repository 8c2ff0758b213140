import { ROLE_NAMES } from '../../../lib/auth/permissions'
import { pool } from '../../../lib/db/client'
import { UserError } from '../../../lib/errors'
import { execute } from '../../../lib/workflow/execute'
import { commandNamed } from '../../../lib/workflow/registry'
import { somebody } from '../cases'

/** People who hold every role: only what they have done on a case keeps them from the next step. */
export const PEOPLE = ['ada', 'bo', 'cy', 'di'].map((name) => somebody(name, ROLE_NAMES))
export type Person = 0 | 1 | 2 | 3

/** The model: what anybody with pencil and paper would keep. It knows nothing of the implementation. */
export interface Unit {
  stage: 'expected' | 'received' | 'inspected' | 'decided' | 'cancelled'
  did: Map<string, Person>
  /** Who said yes to money of its case. */
  approvers: Set<Person>
}
export interface Model {
  order: string
  sku: string
  sold: number
  price: number
  returned: number
  units: Map<string, Unit>
  rmas: Map<string, string[]>
  /** What banks took back, in cents. */
  chargedBack: number
  /** What the customer has spent of store credit, in cents. */
  spent: number
  /** The last command that was carried out, to be pressed again. */
  last: { person: Person; name: string; input: unknown; id: string; result: unknown } | undefined
}

export const rows = async <Row extends object>(sql: string, ...values: unknown[]): Promise<Row[]> =>
  (await pool().query<Row & Record<string, unknown>>(sql, values)).rows

/** What a command came to: its result, or the code it was refused with. */
export async function attempt(
  model: Model,
  person: Person,
  name: string,
  input: unknown,
): Promise<{ result?: Record<string, unknown>; code?: string }> {
  const command = commandNamed(name)
  const actor = PEOPLE[person]
  if (!command || !actor) throw new Error(name)
  const id = crypto.randomUUID()
  try {
    const { result } = await execute(actor, command, input, id)
    model.last = { person, name, input, id, result }
    return { result: result as Record<string, unknown> }
  } catch (error) {
    if (error instanceof UserError) return { code: error.code }
    throw error
  }
}

const CONFLICTS: readonly [string, string][] = [
  ['request', 'receive'],
  ['request', 'inspect'],
  ['request', 'dispose'],
  ['receive', 'inspect'],
  ['receive', 'dispose'],
  ['inspect', 'dispose'],
]
/** Whether the model lets this person do this to this unit. */
export const segregated = (unit: Unit, person: Person, duty: string): boolean =>
  unit.approvers.has(person) ||
  CONFLICTS.some(([a, b]) => (a === duty || b === duty) && unit.did.get(a === duty ? b : a) === person)

export const pick = (model: Model, at: number): [string, Unit] | undefined =>
  [...model.units][at % Math.max(1, model.units.size)]
