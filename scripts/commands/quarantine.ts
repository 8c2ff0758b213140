import { UserError } from '../../lib/errors'
import { execute } from '../../lib/workflow/execute'
import { quarantineCommands } from '../../lib/workflow/quarantine/commands'
import type { ReplayAccount } from '../../lib/workflow/quarantine/replay'
import { type Selection, selectionInput } from '../../lib/workflow/quarantine/selection'
import { quarantineGroups, quarantineInput, quarantineLines, replayPreview } from '../../lib/workflow/read/quarantine'
import { commandArguments } from '../command-arguments'
import { withInstallation } from '../installation'
import { operator } from '../operator'

export const summary = 'input that was refused: quarantine list | show ID | replay … | dismiss … --note WHY'

export const usage = `quarantine list [SELECTION] [--limit N]        what waits, oldest first, and how much by reason and source
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
const parse = (args: string[]) => commandArguments({ args, options: OPTIONS, allowPositionals: true } as const, usage)

function time(text: string | undefined, name: string): string | undefined {
  if (text === undefined) return undefined
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new UserError('time_invalid', `--${name} ${text} is no time.`, 400, name)
  return at.toISOString()
}

function idOf(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new UserError('id_invalid', `${text} is no id of a row.`, 400, 'id')
  return text
}

function selectionOf(values: Values, ids: string[]): Selection {
  const since = time(values.since, 'since')
  const until = time(values.until, 'until')
  return {
    ...(ids.length > 0 ? { ids: ids.map(idOf) } : {}),
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(values.source === undefined ? {} : { source: values.source }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(values.all ? { all: true as const } : {}),
  }
}

/** Acting on everything must be said, never be the default of a forgotten option. */
function chosen(values: Values, ids: string[]): Selection {
  const parsed = selectionInput.safeParse(selectionOf(values, ids))
  if (parsed.success) return parsed.data
  throw new UserError('selection_missing', `Say which rows: ids, --reason, --source, --since, --until or --all.`)
}

async function list(selection: Selection, limit: number): Promise<void> {
  for (const { reason, source, rows } of await quarantineGroups(operator())) {
    console.error(`${String(rows).padStart(8)}  ${reason.padEnd(18)} ${source || '(source unreadable)'}`)
  }
  for (const row of await quarantineLines(operator(), selection, { limit })) {
    const of = `${row.source || '-'} ${row.eventId ?? '-'}`
    console.log(`${row.id}  ${row.receivedAt}  ${row.reason}  ${of}  ${row.message}`)
  }
}

async function show(id: string): Promise<void> {
  const {
    raw,
    bytes: _bytes,
    cut: _cut,
    hidden: _hidden,
    ...row
  } = await quarantineInput(operator(), id, { whole: true })
  for (const [name, value] of Object.entries(row)) {
    if (value !== null) console.error(`${name.padEnd(10)} ${value}`)
  }
  console.log(raw)
}

/** The whole selection, in as many transactions as it takes. */
async function replayAll(which: Selection): Promise<ReplayAccount> {
  const sum = { selected: 0, accepted: 0, duplicates: 0, conflicts: 0, refused: {} as Record<string, number> }
  for (let after: string | null = '0'; after !== null; ) {
    const { result }: { result: ReplayAccount } = await execute(operator(), quarantineCommands[0], { which, after })
    for (const name of ['selected', 'accepted', 'duplicates', 'conflicts'] as const) sum[name] += result[name]
    for (const [reason, rows] of Object.entries(result.refused)) sum.refused[reason] = (sum.refused[reason] ?? 0) + rows
    after = result.next
  }
  return { ...sum, next: null }
}

async function replay(selection: Selection, dryRun: boolean): Promise<void> {
  const account = dryRun ? await replayPreview(operator(), selection) : await replayAll(selection)
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
  if (account.next !== null) console.error('There are more: a dry run looks at the first of them.')
  if (dryRun) console.error('Nothing was changed. Add --run to do it.')
}

const ACTIONS = ['list', 'show', 'replay', 'dismiss']

/** `npm run backhaul -- quarantine …`. */
export async function run([action, ...args]: string[]): Promise<number> {
  const { values, positionals } = parse(args)
  const [first] = positionals
  // Before anything is started for it.
  if (!ACTIONS.includes(action ?? '') || (action === 'show' && !first)) throw new UserError('usage', usage)
  await withInstallation(async () => {
    if (action === 'list') await list(selectionOf(values, positionals), Number(values.limit) || 50)
    else if (action === 'show' && first) await show(idOf(first))
    else if (action === 'replay') await replay(chosen(values, positionals), !values.run)
    else if (action === 'dismiss') {
      const { result } = await execute(operator(), quarantineCommands[1], {
        which: chosen(values, positionals),
        reason: values.note ?? '',
      })
      console.log(`${result.dismissed} dismissed`)
    }
  })
  return 0
}
