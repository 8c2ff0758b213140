import { setTimeout as sleep } from 'node:timers/promises'
import { describeError } from '../../lib/errors'
import { log } from '../../lib/log'
import { destroyPurged } from '../../lib/workflow/evidence/destroy'

const EVERY = 10_000

/** Destroys, every ten seconds, the bytes of evidence that somebody has decided to destroy after its retention. */
export async function startDestroyer(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const running = destroy(stopping.signal)
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function destroy(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const gone = await destroyPurged(new Date())
      if (gone > 0) log('evidence').info({ gone }, 'evidence was destroyed after its retention')
    } catch (error) {
      log('evidence').warn({ reason: describeError(error) }, 'evidence could not be destroyed and will be tried again')
    }
    await sleep(EVERY, undefined, { signal }).catch(() => undefined)
  }
}
