import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UserError } from '../../lib/errors'
import { type ByteBudget, MOST_BYTES } from './limits'

/** A body in memory; `release` gives its bytes back to the budget and must be called once the request is answered. */
export interface Body {
  readonly bytes: Buffer
  readonly release: () => void
}

const tooLarge = () =>
  new UserError('too_large', `A request may have ${MOST_BYTES} bytes, uncompressed. Send several smaller ones.`, 413)

/**
 * Reads a request's body, plain or gzip, within the limits. Every byte is taken from the budget before it is kept, so memory is bounded
 * however many requests come and whatever they inflate to. Throws `UserError` (413, 415, 400) or `TooMany` (429).
 */
export async function readBody(request: IncomingMessage, budget: ByteBudget): Promise<Body> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding !== 'identity' && encoding !== 'gzip') {
    throw new UserError('encoding_unsupported', 'Send the body plain or with Content-Encoding: gzip.', 415)
  }
  const declared = Number(request.headers['content-length'] ?? 0)
  if (declared > MOST_BYTES) throw tooLarge()

  // What was announced is reserved at once; what was not (chunked, gzip) as it comes.
  const reserved = encoding === 'identity' ? declared : 0
  let taken = 0
  const take = (bytes: number) => {
    budget.take(bytes)
    taken += bytes
  }
  const release = () => {
    budget.give(taken)
    taken = 0
  }
  try {
    take(reserved)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of encoding === 'gzip' ? inflate(request) : whole(request)) {
      size += chunk.length
      if (size > MOST_BYTES) throw tooLarge()
      if (size > taken) take(size - taken)
      chunks.push(chunk)
    }
    return { bytes: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size), release }
  } catch (error) {
    release()
    if (error instanceof Error && 'code' in error && /^Z_|^ERR_ZLIB/.test(String(error.code))) {
      throw new UserError('gzip_invalid', 'The body is not whole gzip data. Compress it again and resend.', 400)
    }
    throw error
  }
}

/** The request's chunks. Leaving the loop early must not cut the line: the answer still has to go out on it. */
const whole = (request: IncomingMessage): AsyncIterable<Buffer> => request.iterator({ destroyOnReturn: false })

function inflate(request: IncomingMessage): Readable {
  const gunzip = createGunzip()
  request.on('error', (error) => gunzip.destroy(error))
  request.on('close', () => {
    if (!request.complete) gunzip.destroy(new Error('the sender went away'))
  })
  return request.pipe(gunzip)
}
