/**
 * `npm run import -- [--mapping NAME] FILE …`: brings files of events into Backhaul (docs/import.md). The account goes to standard output,
 * progress to standard error. Exit code 1 when something has to be mended first, 130 when interrupted.
 */
import { join } from 'node:path'
import type { ImportAccount } from '../ingest/import/account'
import { importFiles } from '../ingest/import/import-files'
import { Meter } from '../ingest/import/meter'
import { MAPPINGS, mappingNamed } from '../ingest/mappings/registry'
import { env } from '../lib/env'
import { describeError, UserError } from '../lib/errors'
import { commandArguments } from './command-arguments'
import { withInstallation } from './installation'

const USAGE = `npm run import -- [--mapping NAME] FILE …

FILE is a file (CSV or NDJSON, plain, gzip or zstd), a folder, or a pattern in quotes.
--mapping   ${MAPPINGS.map(({ name, summary }) => `${name}: ${summary}`).join('\n            ')}
--rejects   folder for rejected lines, where the input's own cannot be written`

function printAccount(account: ImportAccount, mapping: string): string {
  const mapper = mappingNamed(mapping)
  const lines = account.files.flatMap(({ file, outcome, tally, rejectedFile, mapped }) => [
    outcome === 'unchanged'
      ? `${file}: was imported before, nothing has changed (${count(tally.events)} events)`
      : `${file}: ${count(tally.events)} events ${outcome === 'resumed' ? 'in all, gone on where it was interrupted' : 'imported'}`,
    ...(mapped !== undefined && mapper.print ? [mapper.print(mapped)] : []),
    ...Object.entries(tally.reasons).map(([reason, n]) => `  rejected, ${reason}: ${count(n)}`),
    ...(rejectedFile ? [`  rejected lines with reasons: ${rejectedFile}`] : []),
  ])
  if (account.events > 0) {
    const rate = count(Math.round(account.events / account.loadSeconds))
    lines.push(
      `Loaded in ${account.loadSeconds.toFixed(1)} s (${rate} events/s), published in ${account.publishSeconds.toFixed(1)} s`,
    )
  }
  return lines.join('\n')
}

const count = (n: number) => n.toLocaleString('en-US')

const OPTIONS = {
  mapping: { type: 'string', default: 'canonical' },
  rejects: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<number> {
  const { values, positionals } = commandArguments({ options: OPTIONS, allowPositionals: true } as const, USAGE)
  if (values.help || positionals.length === 0) {
    console.error(USAGE)
    return values.help ? 0 : 1
  }
  mappingNamed(values.mapping)
  const interrupt = new AbortController()
  const stop = () => interrupt.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const meter = new Meter(process.stderr)
  try {
    const account = await withInstallation(
      () =>
        importFiles({
          files: positionals,
          mapping: values.mapping,
          archiveDir: join(env().BACKHAUL_DATA, 'archive'),
          ...(values.rejects ? { rejectsDir: values.rejects } : {}),
          onProgress: (progress) => meter.show(progress),
          signal: interrupt.signal,
        }),
      'ClickHouse',
    )
    meter.end()
    console.log(printAccount(account, values.mapping))
    return 0
  } finally {
    meter.end()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof UserError ? error.message : describeError(error))
  process.exitCode = error instanceof UserError && error.code === 'import_interrupted' ? 130 : 1
}
