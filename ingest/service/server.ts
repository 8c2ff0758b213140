import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Pool } from 'pg'
import { bearer, type KeyGrant, verifyKey } from '../../lib/auth/api-keys'
import { pool as databasePool } from '../../lib/db/client'
import { describeError, errorBody, UserError } from '../../lib/errors'
import { log } from '../../lib/log'
import { GroupCommit } from '../log/group-commit'
import { Backlog } from './backlog'
import { readBody } from './body'
import { modeOf } from './content'
import { Disk } from './disk'
import { ByteBudget, RateLimit, TooMany } from './limits'
import { postEvents } from './post-events'
import { Readiness } from './ready'
import { RecentVocabulary } from './vocabulary'

/** How long a stop waits for requests that are under way. */
const STOP_MS = 15_000
/** How long the rest of a refused body is thrown away before the line is cut. */
const LINGER_MS = 5000

/** A sender that dawdles over its headers or its body holds a connection for so long and no longer; looked at every few seconds. */
const HTTP_LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2000,
}

export interface ServiceOptions {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  readonly pool?: Pool
  readonly budget?: ByteBudget
  readonly rate?: RateLimit
  readonly backlog?: Backlog
  readonly disk?: Disk
}

export interface Service {
  readonly port: number
  /** Finishes the requests under way, then closes. */
  stop(): Promise<void>
}

interface Parts {
  readonly commit: GroupCommit
  readonly vocabulary: RecentVocabulary
  readonly backlog: Backlog
  readonly disk: Disk
  readonly readiness: Readiness
  readonly budget: ByteBudget
  readonly rate: RateLimit
}

/** Starts the door: `POST /v1/events` and `GET /api/health`. Resolves once it listens. */
export async function startService(options: ServiceOptions): Promise<Service> {
  const pool = options.pool ?? databasePool()
  const parts: Parts = {
    commit: new GroupCommit(pool),
    vocabulary: new RecentVocabulary(pool),
    backlog: options.backlog ?? new Backlog(pool),
    disk: options.disk ?? new Disk(),
    readiness: new Readiness(pool),
    budget: options.budget ?? new ByteBudget(),
    rate: options.rate ?? new RateLimit(),
  }
  const server = createServer(HTTP_LIMITS, (request, response) => void answer(parts, request, response))
  server.on('clientError', refuseLine)
  server.maxConnections = 2000
  server.maxHeadersCount = 64
  await listen(server, options)
  parts.backlog.start()
  parts.disk.start()
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => stop(server, parts),
  }
}

const listen = (server: Server, { host, port }: ServiceOptions) =>
  new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })

async function stop(server: Server, parts: Parts): Promise<void> {
  parts.backlog.stop()
  parts.disk.stop()
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A kept-alive connection becomes idle once its request is answered.
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const late = setTimeout(() => server.closeAllConnections(), STOP_MS)
  await closed
  clearInterval(idle)
  clearTimeout(late)
  await parts.commit.settled()
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID()
  response.setHeader('x-request-id', requestId)
  response.setHeader('cache-control', 'no-store')
  request.on('error', () => undefined)
  try {
    await route(parts, request, response)
  } catch (error) {
    if (request.destroyed && !request.complete) return
    refuse(request, response, asUserError(error, requestId))
  }
}

async function route(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path === '/api/health') {
    allow(request, 'GET')
    const missing = await parts.readiness.missing()
    send(response, missing ? 503 : 200, missing ? { status: 'unavailable', missing } : { status: 'ok' })
  } else if (path === '/v1/events') {
    allow(request, 'POST')
    await takeEvents(parts, request, response)
  } else {
    throw new UserError('not_found', 'There is nothing at this address. Events go to POST /v1/events.', 404)
  }
}

async function takeEvents(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const grant = await authenticate(request)
  const mode = modeOf(request.headers)
  parts.backlog.check()
  parts.disk.check()
  parts.rate.take(grant.id, 0, Date.now())
  const body = await readBody(request, parts.budget)
  try {
    const receipt = await postEvents(
      { mode, body: body.bytes, headers: request.headers, grant },
      {
        commit: parts.commit,
        vocabulary: await parts.vocabulary.known(),
        charge: (events) => parts.rate.take(grant.id, events, Date.now()),
      },
    )
    send(response, 202, receipt)
  } finally {
    body.release()
  }
}

async function authenticate(request: IncomingMessage): Promise<KeyGrant> {
  const key = bearer(request.headers.authorization)
  const grant = key === undefined ? undefined : await verifyKey(key)
  if (!grant) {
    throw new UserError('unauthorized', 'Send Authorization: Bearer with an API key that is in force.', 401)
  }
  if (!grant.scopes.includes('events:write')) {
    throw new UserError('scope_missing', 'This key has no events:write scope. Use one that has.', 403, 'scope')
  }
  return grant
}

function allow(request: IncomingMessage, method: string): void {
  if (request.method === method || (method === 'GET' && request.method === 'HEAD')) return
  throw new UserError('method_not_allowed', `Use ${method} at this address.`, 405)
}

/** Failures that are not a user's are Postgres's, and mean that nothing was made durable; the cause is for the log only. */
function asUserError(error: unknown, requestId: string): UserError {
  if (error instanceof UserError) return error
  log('ingest').error({ requestId, error: describeError(error) }, 'a request could not be made durable')
  const message = `The events could not be made durable now, so none was accepted. Send them again. Request ${requestId}.`
  return new UserError('unavailable', message, 503)
}

function send(response: ServerResponse, status: number, body: object): void {
  begin(response, status, body)
  response.end()
}

/** Writes a whole answer without ending the exchange. */
function begin(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.write(text)
}

/** What is no HTTP, or came too slowly: there is no request to answer, only a line. */
function refuseLine(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, refusal] = LINE_ERRORS[error.code ?? ''] ?? NO_HTTP
  const text = JSON.stringify(errorBody(refusal))
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}
const NO_HTTP = ['400 Bad Request', new UserError('unreadable', 'This is no HTTP/1.1 request. Send one.')] as const
const LINE_ERRORS: Record<string, readonly [string, UserError]> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    new UserError('headers_too_large', 'The headers have more than 16 KiB. Send fewer or shorter ones.'),
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    new UserError(
      'too_slow',
      'The request did not arrive in time. Send it again, in smaller parts if the line is slow.',
    ),
  ],
}

function refuse(request: IncomingMessage, response: ServerResponse, error: UserError): void {
  if (response.headersSent) return
  if (error.status === 401) response.setHeader('www-authenticate', 'Bearer')
  if (error.status === 405) response.setHeader('allow', request.url?.startsWith('/v1/events') ? 'POST' : 'GET')
  if (error instanceof TooMany) response.setHeader('retry-after', String(error.retryAfterSeconds))
  if (error.status === 503) response.setHeader('retry-after', '2')
  if (request.complete) {
    send(response, error.status, errorBody(error))
    return
  }
  // A sender in the middle of a body reads the answer only when somebody goes on taking what it sends, and never when the line is cut under
  // its pen: the answer goes out whole at once, the line ends when the body has. But not for ever.
  response.setHeader('connection', 'close')
  begin(response, error.status, errorBody(error))
  const cut = setTimeout(() => request.destroy(), LINGER_MS)
  request.once('end', () => response.end())
  request.once('close', () => clearTimeout(cut))
  request.unpipe()
  request.resume()
}
