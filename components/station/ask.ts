'use client'

/** What an endpoint of ours answered, or that it could not be reached. */
export type Answer<T> =
  | { readonly state: 'ok'; readonly value: T }
  | { readonly state: 'refused'; readonly code: string; readonly message: string }
  | { readonly state: 'unreachable' }

/** Longer than any command takes; a network that swallows packets must not hold the queue for ever. */
const PATIENCE = 15_000
/** What the server says when it is not itself: tried again, never taken for an answer. */
const LATER = new Set([429, 502, 503, 504])

/** Asks an endpoint of ours. Only what the server really said is an answer; everything else may be asked again. */
export async function ask<T>(path: string, body?: unknown): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      ...(body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (LATER.has(response.status)) return { state: 'unreachable' }
    const answer: { error?: { code: string; message: string } } & T = await response.json()
    return answer.error ? { state: 'refused', ...answer.error } : { state: 'ok', value: answer }
  } catch {
    return { state: 'unreachable' }
  }
}
