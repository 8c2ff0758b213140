import { setTimeout as sleep } from 'node:timers/promises'
import { describeError, UserError } from '../../errors'
import { log } from '../../log'
import { runTask } from './run'
import { dropStopped, failTask, finishTask, NotOurs, takeTask } from './tasks'

const IDLE = 1_000

/** Tries versions of policies on the past, one after the other: those that are asked for together wait for each other, and nobody waits for a page. */
export async function startSimulations(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const did = await simulateOnce().catch((error: unknown) => {
        log('simulations').warn(
          { reason: describeError(error) },
          'a simulation could not be taken and will be tried again',
        )
        return false
      })
      if (!did) await sleep(IDLE, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Carries out what has waited longest. Returns whether there was anything. */
export async function simulateOnce(): Promise<boolean> {
  const task = await takeTask()
  if (!task) return false
  try {
    await finishTask(task, await runTask(task))
  } catch (error) {
    if (error instanceof NotOurs) {
      await dropStopped(task)
      return true
    }
    if (!(error instanceof UserError))
      log('simulations').error({ simulation: task.id, error: describeError(error) }, 'a simulation broke off')
    await failTask(task, error)
  }
  return true
}
