import { join } from 'node:path'
import { readEnv } from '../../lib/env'
import { describeError, UserError } from '../../lib/errors'
import type { RunFile } from '../installation'
import { ROOT } from '../servers/child'
import { Product } from './product'
import { duration, lineProgress } from './progress'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `npm start` and `npm run dev`: runs the product until a signal, then ends it in order. Ends this process. */
export async function runInTerminal(mode: 'production' | 'development'): Promise<never> {
  const began = Date.now()
  const say = (line: string) => console.log(line)
  // A terminal or pipe that went away must not keep us from stopping in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  let product: Product | undefined
  try {
    const settings = readEnv(process.env)
    let fail: (reason: Error) => void = () => undefined
    const asked = new Promise<'asked'>((resolve, reject) => {
      fail = reject
      for (const signal of SIGNALS) process.on(signal, () => resolve('asked'))
      process.on('disconnect', () => resolve('asked'))
      process.channel?.unref()
    })
    asked.catch(() => undefined)
    product = new Product({
      settings,
      mode,
      progress: lineProgress(say),
      onGiveUp: (reason) => fail(new UserError('gave_up', reason, 500)),
    })
    const starting = product.start()
    starting.catch(() => undefined)
    const run = await Promise.race([starting, asked])
    if (run !== 'asked') {
      say(await welcome(run, settings.BACKHAUL_DATA, settings.BACKHAUL_DEMO, Date.now() - began))
      await asked
    }
    say('Stopping …')
    await product.stop()
    say('Stopped.')
    process.exit(0)
  } catch (error) {
    await product?.stop()
    console.error(`\n${error instanceof UserError ? error.message : describeError(error)}`)
    process.exit(1)
  }
}

/** What scripts of accounts export; only in demo mode are there accounts that everyone knows. */
interface DemoAccounts {
  readonly DEMO_ACCOUNTS: readonly { readonly email: string; readonly password: string; readonly role?: string }[]
}

async function welcome(run: RunFile, dataDir: string, demo: boolean, took: number): Promise<string> {
  const lines = [
    '',
    `Backhaul is running (${duration(took)}).`,
    '',
    `  Dashboards  ${run.webUrl}`,
    `  Events      ${run.ingestUrl}/v1/events`,
    `  Data        ${dataDir}`,
  ]
  if (demo) {
    const { DEMO_ACCOUNTS }: DemoAccounts = await import(join(ROOT, 'lib/auth/demo.ts'))
    const width = Math.max(...DEMO_ACCOUNTS.map(({ email }) => email.length))
    lines.push('', '  Sign in as')
    for (const { email, password, role } of DEMO_ACCOUNTS) {
      lines.push(`    ${email.padEnd(width)}  ${password}${role ? `  ${role}` : ''}`)
    }
  }
  return [...lines, '', 'Ctrl-C stops everything.'].join('\n')
}
