import { userInfo } from 'node:os'
import { replayQuarantine } from '../../ingest/quarantine/replay'
import {
  countQuarantine,
  dismissQuarantine,
  listQuarantine,
  type Selection,
  showQuarantine,
} from '../../ingest/quarantine/review'
import { UserError } from '../../lib/errors'
import { commandArguments } from '../command-arguments'
import { withInstallation } from '../installation'

export const summary = 'input that was refused: quarantine list | show ID | replay … | dismiss … --note WHY'

const USAGE = `quarantine list [SELECTION] [--limit N]        what waits, oldest first, and how much by reason and source
quarantine show ID                            one row with its bytes
quarantine replay SELECTION [--run]           reads it again; without --run it only counts what would happen
quarantine dismiss SELECTION --note WHY       gives up on it; it stays, with who, when and why

SELECTION  ids, or any of --reason R --source S --since TIME --until TIME, or --all`

const OPTIONS = {
  reason: { type: 'string' },
  source: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  all: { type: 'boolean', default: false },
  run: { type: 'boolean', default: false },
  note: { type: 'string' },
  limit: { type: 'string', default: '50' },
} as const

type Values = ReturnType<typeof parse>['values']
const parse = (args: string[]) => commandArguments({ args, options: OPTIONS, allowPositionals: true } as const, USAGE)

function time(text: string | undefined, name: string): Date | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new UserError('time_invalid', `--${name} ${text} is no time.`, 400, name)
  return at
}

function idOf(text: string): bigint {
  if (!/^\d{1,18}$/.test(text)) throw new UserError('id_invalid', `${text} is no id of a row.`, 400, 'id')
  return BigInt(text)
}

function selectionOf(values: Values, ids: string[]): Selection {
  return {
    ids: ids.length > 0 ? ids.map(idOf) : undefined,
    reason: values.reason,
    source: values.source,
    since: time(values.since, 'since'),
    until: time(values.until, 'until'),
  }
}

/** Acting on everything must be said, never be the default of a forgotten option. */
function chosen(values: Values, ids: string[]): Selection {
  const selection = selectionOf(values, ids)
  if (!values.all && Object.values(selection).every((each) => each === undefined)) {
    throw new UserError('selection_missing', `Say which rows: ids, --reason, --source, --since, --until or --all.`)
  }
  return selection
}

async function list(selection: Selection, limit: number): Promise<void> {
  for (const { reason, source, rows } of await countQuarantine()) {
    console.error(`${String(rows).padStart(8)}  ${reason.padEnd(18)} ${source || '(source unreadable)'}`)
  }
  for (const row of await listQuarantine(selection, { limit })) {
    const of = `${row.source || '-'} ${row.eventId ?? '-'}`
    console.log(`${row.id}  ${row.receivedAt.toISOString()}  ${row.reason}  ${of}  ${row.message}`)
  }
}

async function show(id: bigint): Promise<void> {
  const { raw, ...row } = await showQuarantine(id)
  for (const [name, value] of Object.entries(row)) {
    if (value !== null) console.error(`${name.padEnd(10)} ${value instanceof Date ? value.toISOString() : value}`)
  }
  process.stdout.write(raw)
  process.stdout.write('\n')
}

async function replay(selection: Selection, dryRun: boolean): Promise<void> {
  const account = await replayQuarantine(selection, { dryRun, by: operator() })
  const refused = Object.entries(account.refused).map(([reason, rows]) => `${rows} ${reason}`)
  console.log(
    [
      `${account.selected} selected`,
      `${account.accepted} ${dryRun ? 'would be accepted' : 'accepted'}`,
      `${account.duplicates} ${dryRun ? 'would be' : 'were'} duplicates`,
      `${account.conflicts} stay: business_conflict`,
      ...(refused.length > 0 ? [`stay: ${refused.join(', ')}`] : []),
    ].join('\n'),
  )
  if (dryRun) console.error('Nothing was changed. Add --run to do it.')
}

const operator = () => `cli:${userInfo().username}`

/** `npm run backhaul -- quarantine …`. */
export async function run([action, ...args]: string[]): Promise<number> {
  const { values, positionals } = parse(args)
  const [first] = positionals
  await withInstallation(async () => {
    if (action === 'list') await list(selectionOf(values, positionals), Number(values.limit) || 50)
    else if (action === 'show' && first) await show(idOf(first))
    else if (action === 'replay') await replay(chosen(values, positionals), !values.run)
    else if (action === 'dismiss') {
      const rows = await dismissQuarantine(chosen(values, positionals), operator(), values.note ?? '')
      console.log(`${rows} dismissed`)
    } else throw new UserError('usage', USAGE)
  })
  return 0
}
