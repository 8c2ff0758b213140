import { randomUUID } from 'node:crypto'
import { describeError, UserError } from '@/lib/errors'
import { log } from '@/lib/log'
import type { Panel } from '@/lib/metrics/overview-types'

/**
 * Runs one read of a page so that its failure stays its own: what a person can act on is told as it is, anything else is
 * logged once with a request id, which is shown.
 */
export async function panelOf<T>(read: () => Promise<T>): Promise<Panel<T>> {
  try {
    return { state: 'ok', data: await read() }
  } catch (error) {
    if (error instanceof UserError) {
      return error.status === 403
        ? { state: 'forbidden', permission: error.parameter ?? '', message: error.message }
        : { state: 'error', code: error.code, message: error.message }
    }
    const requestId = randomUUID().slice(0, 8)
    log('web').error({ requestId, error: describeError(error) }, 'a part of a page could not be read')
    return { state: 'error', code: 'unexpected', message: 'Something went wrong on our side.', requestId }
  }
}
