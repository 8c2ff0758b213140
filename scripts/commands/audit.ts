import { copyFileSync, createWriteStream } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportLog } from '../../lib/audit/export'
import { anchorFolder } from '../../lib/audit/key'
import { db, withoutTimeouts } from '../../lib/db/client'
import { UserError } from '../../lib/errors'
import { verifyAndKeep } from '../../lib/workflow/audit/verify-log'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { commandArguments, noArguments } from '../command-arguments'
import { withInstallation } from '../installation'

export const summary = 'verify: proves the audit log, or names the first broken block; export --out FILE: takes it away'

export const usage = `npm run backhaul -- audit verify
npm run backhaul -- audit export --out FILE [--from YYYY-MM-DD] [--until YYYY-MM-DD] [--rma ID]`

const OPTIONS = {
  out: { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  rma: { type: 'string' },
} as const

export async function run(args: string[]): Promise<number> {
  const { positionals, values } = commandArguments({ args, allowPositionals: true, options: OPTIONS } as const, usage)
  const [action, ...more] = positionals
  noArguments(more, usage)
  if (action === 'verify') return withInstallation(verify)
  if (action !== 'export' || !values.out) throw new UserError('usage', usage, 400)
  const out = values.out
  return withInstallation(() => exportTo(out, values))
}

async function verify(): Promise<number> {
  const began = performance.now()
  const found = await verifyAndKeep('the command line', (blocks, entries) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${blocks} blocks, ${entries} entries `)
  })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  const seconds = (performance.now() - began) / 1000
  console.log(
    `${found.entries} entries in ${found.blocks} blocks, ${found.anchored} anchors, ${seconds.toFixed(1)} s (${Math.round(found.entries / Math.max(seconds, 0.001))} entries/s); ${found.unsealed} wait for their block`,
  )
  const { broken } = found
  if (!broken) {
    const control = await INVARIANTS.find(({ id }) => id === 'I13')?.look(db(), new Date())
    console.log(
      `whole: every entry is what was sealed, and ${control?.checked ?? 0n} rows of controlled tables have their entry`,
    )
    return 0
  }
  console.log(`broken at block ${broken.block ?? '(none)'}: ${broken.kind}. ${broken.message}`)
  return 1
}

const day = (text: string | undefined): Date | undefined => {
  if (text === undefined) return undefined
  const at = new Date(`${text}T00:00:00Z`)
  if (Number.isNaN(at.getTime())) throw new UserError('invalid_day', `"${text}" is no day like 2026-11-23.`, 400)
  return at
}

async function exportTo(out: string, asked: { from?: string; until?: string; rma?: string }): Promise<number> {
  await withoutTimeouts((client) =>
    pipeline(
      Readable.from(exportLog(client, { from: day(asked.from), until: day(asked.until), rmaId: asked.rma })),
      createWriteStream(out),
    ),
  )
  const script = join(dirname(out), 'verify-export.mjs')
  copyFileSync(join(import.meta.dirname, '../audit/verify-export.mjs'), script)
  console.log(`written. To verify it: node ${script} ${out} ${join(anchorFolder(), 'audit.ndjson')}`)
  return 0
}
