import { randomUUID } from 'node:crypto'
import { describeError, errorBody, UserError } from '@/lib/errors'
import { log } from '@/lib/log'

const HEADERS = { 'cache-control': 'private, no-store' }

/**
 * What every JSON endpoint answers: the value, or `{error: {code, message, parameter?}}`. A fault of ours is logged once and
 * shown with a request id to quote.
 */
export async function answer(work: () => Promise<object>): Promise<Response> {
  return answerOrError(async () => Response.json(await work(), { headers: HEADERS }))
}

/** The same for an endpoint whose answer is not JSON: a file, or the error as JSON. */
export async function answerOrError(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof UserError) return refusal(error)
    const requestId = randomUUID()
    log('api').error({ requestId, error: describeError(error) }, 'a request failed')
    return refusal(
      new UserError('unexpected', `Something went wrong here. Quote ${requestId} when you report it.`, 500),
    )
  }
}

const refusal = (error: UserError) =>
  Response.json(errorBody(error), {
    status: error.status,
    headers: error.status === 401 ? { ...HEADERS, 'www-authenticate': 'Bearer' } : HEADERS,
  })
