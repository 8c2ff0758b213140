import { randomUUID } from 'node:crypto'
import { describeError, UserError } from '../../errors'
import { log } from '../../log'
import type { Panel } from '../overview-types'

/** A panel alone: what fails here leaves the rest of the page as it is. */
export async function panelOf<T>(read: () => T | Promise<T>): Promise<Panel<T>> {
  try {
    return { state: 'ok', data: await read() }
  } catch (error) {
    if (error instanceof UserError) {
      return error.status === 403
        ? { state: 'forbidden', permission: 'metrics:read' }
        : { state: 'error', code: error.code, message: error.message }
    }
    const requestId = randomUUID().slice(0, 8)
    log('metrics').error({ requestId, error: describeError(error) }, 'a panel could not be read')
    return { state: 'error', code: 'unexpected', message: 'Something went wrong on our side.', requestId }
  }
}

/** Lets a promise fail where it is awaited, however late that is. */
export function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
