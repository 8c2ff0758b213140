import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Actor, authorize } from '../auth/actor'
import { type Database, db, run, sqlState, type Transaction, withTransaction } from '../db/client'
import { ahead } from '../db/line'
import { statement } from '../db/statement'
import { UserError } from '../errors'
import { failpoint, failpointAfter } from '../failpoint'
import { type Command, type Context, WORKFLOW } from './command'
import { unkeepable } from './keepable'
import { audit } from './record/audit'
import { record } from './record/record'
import type { Doer } from './record/types'
import { writeRefusal } from './refusals'

export interface Executed<Result> {
  readonly result: Result
  /** The same command was carried out before; nothing was done again. */
  readonly repeated: boolean
  readonly commandId: string
}

/** SQLSTATE of the controls in the database; the refusal's code is in the error's detail. */
const CONTROL = 'BH001'

/**
 * Carries out a command in one transaction: permission, input, state, stock, journal, events and audit, all of it or nothing. The same
 * `commandId` again answers what it answered the first time. Refusals are UserErrors with a code that the pages explain; those by a control
 * are logged.
 */
export async function execute<Input, Result>(
  actor: Actor,
  command: Command<Input, Result>,
  rawInput: unknown,
  commandId: string = crypto.randomUUID(),
  at: Date = new Date(),
): Promise<Executed<Result>> {
  let inputHash: string | undefined
  try {
    authorize(actor, command.permission)
    const input = parse(command, rawInput)
    const hash = hashOfInput(input)
    inputHash = hash
    const work = async (tx: Transaction) => {
      const known = await answered<Result>(tx, command.name, commandId, hash)
      if (known) return known
      const result = await command.run(contextOf(tx, actor, commandId, at), input)
      // Goes out with the end of the transaction, which is not reached without it.
      const kept = JSON.stringify(command.kept?.(result) ?? result ?? null)
      const written = ahead(run(tx, CARRIED_OUT, [commandId, command.name, actor.userId, hash, kept]))
      await failpointAfter('before_command_commit', [written])
      return { result, repeated: false, commandId }
    }
    const executed = await withTransaction(work, command.isolation ? { isolation: command.isolation } : {})
    failpoint('after_command_commit')
    return executed
  } catch (error) {
    // Of two presses with one id at the same moment the first is carried out; whatever stopped the second, its answer is the first one's.
    const twin = inputHash === undefined ? undefined : await twinOf<Result>(command.name, commandId, inputHash)
    if (twin) return twin
    throw await refused(error, actor, command.name)
  }
}

const ANSWERED = statement('SELECT name, input_hash, result FROM command WHERE id = $1')
const CARRIED_OUT = statement(
  'INSERT INTO command (id, name, actor, input_hash, result) VALUES ($1, $2, $3, $4, $5::jsonb)',
)
const DUTY = statement('INSERT INTO duty (rma_id, unit_id, duty, person, at) VALUES ($1, $2, $3, $4, $5)')

/** What the same command came to under the same id, if it was carried out meanwhile. */
const twinOf = <Result>(name: string, commandId: string, inputHash: string): Promise<Executed<Result> | undefined> =>
  answered<Result>(db(), name, commandId, inputHash).catch(() => undefined)

function parse<Input>(command: Command<Input, unknown>, rawInput: unknown): Input {
  const odd = unkeepable(rawInput)
  if (odd !== undefined) {
    const where = odd ? `${odd}: ` : ''
    throw new UserError('invalid_input', `${where}A text has a character that cannot be kept. Write it anew.`, 400, odd)
  }
  const parsed = command.input.safeParse(rawInput)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = issue?.path.join('.') ?? ''
  throw new UserError(
    'invalid_input',
    `${path ? `${path}: ` : ''}${issue?.message ?? z.prettifyError(parsed.error)}`,
    400,
    path,
  )
}

export const hashOfInput = (input: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(input, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)) ?? '')
    .digest('hex')

async function answered<Result>(
  on: Database | Transaction,
  name: string,
  commandId: string,
  inputHash: string,
): Promise<Executed<Result> | undefined> {
  const { rows } = await run<{ name: string; input_hash: string; result: unknown }>(on, ANSWERED, [commandId])
  const [row] = rows
  if (!row) return undefined
  if (row.name !== name || row.input_hash !== inputHash)
    throw new UserError(
      'command_reused',
      'This command id was used for something else. Give every command an id of its own.',
      409,
    )
  return { result: row.result as Result, repeated: true, commandId }
}

export const doerOf = (actor: Actor): Doer => ({
  kind: actor.kind,
  id: actor.userId,
  name: actor.name,
  roles: actor.roles,
})

function contextOf(tx: Transaction, actor: Actor, commandId: string, at: Date): Context {
  const doer = doerOf(actor)
  let made = 0
  return {
    tx,
    actor,
    doer,
    at,
    commandId,
    event(type, subject, data, time = at) {
      made += 1
      const own = 'actor' in data ? {} : { actor: doer.id }
      return {
        specversion: '1.0',
        id: `${commandId}/${made}`,
        source: WORKFLOW,
        type,
        time: time.toISOString(),
        // Of several events at one instant, the later one of a command is the later one.
        sequence: String(made).padStart(4, '0'),
        subject,
        data: { ...data, ...own },
      }
    },
    record: (events, more = {}) => record(tx, { events, doer, at, commandId, ...more }),
    audit: (entries, about = {}) => audit(tx, doer, at, entries, { ...about, commandId }),
    duty(name, { rmaId = '', unitId = '' }) {
      const person = doer.kind === 'automation' ? 'automation' : doer.id
      ahead(run(tx, DUTY, [rmaId, unitId, name, person, at]))
    },
  }
}

/** The error as the person sees it; what a control refused is written down first. */
async function refused(error: unknown, actor: Actor, name: string): Promise<unknown> {
  const user = asUserError(error)
  if (!user) return error
  await writeRefusal(actor, name, user)
  return user
}

/** A refusal of ours or of a control in the database, as the UserError that a page explains. */
export function asUserError(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error
  if (sqlState(error) !== CONTROL) return undefined
  for (let each = error; each instanceof Error; each = each.cause)
    if ('detail' in each && typeof each.detail === 'string' && 'code' in each && each.code === CONTROL)
      return new UserError(each.detail, each.message, 409)
  return undefined
}
