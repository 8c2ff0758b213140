import { setTimeout as sleep } from 'node:timers/promises'
import { withTransaction } from '../../db/client'
import { env } from '../../env'
import { describeError } from '../../errors'
import { log } from '../../log'
import { stripe } from '../../payments/stripe'
import { expireApprovals } from '../approvals'
import { audit } from '../record/audit'
import { payOnce } from './pay'

const IDLE = 700

/** Starts what money waits for: releases, conditional refunds, reservations and payments. Without a provider nothing is sent. */
export async function startPayments(): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: url } = env()
  const provider = key ? stripe({ key, ...(url ? { url } : {}) }) : undefined
  const running = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await expire()
        if ((await payOnce(provider)) > 0) continue
      } catch (error) {
        log('payments').warn(
          { reason: describeError(error) },
          'a round of payments failed and will be done again; nothing is paid twice',
        )
      }
      await sleep(IDLE, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function expire(): Promise<void> {
  await withTransaction(async (tx) => {
    const at = new Date()
    const expired = await expireApprovals(tx, at)
    if (expired > 0)
      await audit(tx, { kind: 'system', id: 'payments', name: 'Payments', roles: [] }, at, [
        { action: 'approval.expired', objectType: 'approval', objectId: 'many', diff: { expired: [0, expired] } },
      ])
  })
}
