import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

export const CLIENT = { id: 'backhaul', secret: 'a secret of the provider' } as const

export interface Person {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
}

/**
 * An OpenID Connect provider on a free port of this machine, as far as the authorization code flow with PKCE needs one: it checks the
 * verifier, the redirect address and the client's secret, and signs id tokens with a key of its own. `person` is who sits in front of it.
 */
export async function startIdentityProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const codes = new Map<string, { challenge: string; nonce: string; redirect: string; person: Person }>()
  const state = { person: { sub: 'nobody' } as Person, issuer: '' }

  const idToken = (claims: object) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const body = `${part({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${part(claims)}`
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  }

  const authorize = (query: URLSearchParams) => {
    const redirect = query.get('redirect_uri') ?? ''
    const code = randomUUID()
    codes.set(code, {
      challenge: query.get('code_challenge') ?? '',
      nonce: query.get('nonce') ?? '',
      redirect,
      person: state.person,
    })
    const back = new URL(redirect)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    return back.href
  }

  const exchange = (form: URLSearchParams, authorization: string) => {
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const client = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString()
    const known = client === [CLIENT.id, CLIENT.secret].map(formEncode).join(':')
    if (!grant || !known || grant.challenge !== challenge || grant.redirect !== form.get('redirect_uri'))
      return undefined
    const now = Math.floor(Date.now() / 1000)
    return {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 60,
      id_token: idToken({
        iss: state.issuer,
        aud: CLIENT.id,
        iat: now,
        exp: now + 60,
        nonce: grant.nonce,
        ...grant.person,
      }),
    }
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', state.issuer)
    const json = (body: object, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    if (url.pathname === '/.well-known/openid-configuration') {
      json({
        issuer: state.issuer,
        authorization_endpoint: `${state.issuer}/authorize`,
        token_endpoint: `${state.issuer}/token`,
        jwks_uri: `${state.issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    } else if (url.pathname === '/keys') {
      json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] })
    } else if (url.pathname === '/authorize') {
      response.writeHead(302, { location: authorize(url.searchParams) })
      response.end()
    } else {
      const tokens = exchange(new URLSearchParams(await bodyOf(request)), request.headers.authorization ?? '')
      json(tokens ?? { error: 'invalid_grant' }, tokens ? 200 : 400)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  state.issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return {
    issuer: state.issuer,
    /** Whoever comes next to the provider is this person. */
    setPerson: (person: Person) => {
      state.person = person
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

/** As RFC 6749, section 2.3.1 has it in a Basic header. */
const formEncode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString()
}
