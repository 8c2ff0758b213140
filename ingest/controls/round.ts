import { setTimeout as sleep } from 'node:timers/promises'
import { withTransaction } from '../../lib/db/client'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'
import type { Invariant } from '../../lib/workflow/controls/invariant'
import { INVARIANTS } from '../../lib/workflow/controls/invariants'
import { lookAndKeep } from '../../lib/workflow/controls/keep'
import { fetchPayments } from '../../lib/workflow/reconciliation/fetch-payments'
import { reconcile } from '../../lib/workflow/reconciliation/reconcile'
import { FIGURES } from './figures'

const EVERY = 5 * 60_000
/** What does not hold, or could not be looked at while cases were behind, is looked at again so soon: most of it passes. */
const AGAIN = 30_000
/** After a start the cases are still taken over: looked at when that has begun to settle. */
const FIRST = 20_000

/** All of them, in the order of their numbers. */
export const CONTROLS: readonly Invariant[] = [...INVARIANTS, FIGURES].sort(
  (a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)),
)

/** Looks at every control, fetches the provider's report and raises what does not agree, every five minutes; between, at what did not hold. */
export async function startControls(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = rounds(stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function rounds(signal: AbortSignal): Promise<void> {
  await sleep(FIRST, undefined, { signal }).catch(() => undefined)
  while (!signal.aborted) {
    await step('the provider\u2019s report', () => fetchPayments(null))
    await step('the reconciliation', () => withTransaction((tx) => reconcile(tx), { isolation: 'repeatable read' }))
    const next = Date.now() + EVERY
    let left = await lookAt(CONTROLS, signal)
    while (!signal.aborted && Date.now() < next) {
      await sleep(Math.min(AGAIN, next - Date.now()), undefined, { signal }).catch(() => undefined)
      left = await lookAt(left, signal)
    }
  }
}

/** Looks at some controls in turn; answers those that did not hold. */
async function lookAt(controls: readonly Invariant[], signal: AbortSignal): Promise<Invariant[]> {
  const left: Invariant[] = []
  for (const control of controls) {
    if (signal.aborted) break
    let holds = false
    await step(control.id, async () => {
      holds = await lookOnce(control, new Date())
    })
    if (!holds) left.push(control)
  }
  return left
}

/**
 * One control in a snapshot of its own, so that both of its sides are of one moment. The figures have no snapshot in common with the cases: they are
 * looked at again until they settle.
 */
export const lookOnce = (control: Invariant, now: Date): Promise<boolean> =>
  withTransaction((tx) => lookAndKeep(tx, control, now), {
    isolation: control === FIGURES ? 'read committed' : 'repeatable read',
  })

async function step(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    log('controls').warn(
      { reason: describeError(error) },
      `${what} could not be done and will be tried again within five minutes`,
    )
  }
}
