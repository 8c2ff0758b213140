import type { NextAuthOptions } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import Credentials from 'next-auth/providers/credentials'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { env, required } from '../env'
import { log } from '../log'
import { checkSignIn, createAccount, findAccount } from './accounts'
import { closeSession, openSession } from './sessions'

/** Where this installation is reached; never taken from a request's headers. */
export const publicUrl = (): string => env().BACKHAUL_URL ?? `http://localhost:${env().PORT}`
const secure = () => publicUrl().startsWith('https:')

/** A `__Host-` cookie is bound to this very host and to TLS; on plain http, as on a laptop, browsers refuse that prefix. */
export const sessionCookie = () => ({
  name: secure() ? '__Host-backhaul.session' : 'backhaul.session',
  options: { httpOnly: true, sameSite: 'lax', path: '/', secure: secure() } as const,
})

export const SESSION_SECONDS = 12 * 3600

interface OidcProfile {
  sub: string
  email?: string
  email_verified?: boolean
  name?: string
}

/** Sign-in with the company's own identity provider, when the settings name one. */
export const oidcConfigured = (): boolean =>
  Boolean(env().OIDC_ISSUER && env().OIDC_CLIENT_ID && env().OIDC_CLIENT_SECRET)

function oidc(): OAuthConfig<OidcProfile>[] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env()
  if (!issuer || !clientId || !clientSecret) return []
  return [
    {
      id: 'oidc',
      name: 'Single sign-on',
      type: 'oauth',
      wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      authorization: { params: { scope: 'openid email profile' } },
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      clientId,
      clientSecret,
      profile: (profile) => ({
        id: profile.sub,
        email: profile.email ?? '',
        name: profile.name ?? profile.email ?? '',
      }),
    },
  ]
}

/** The token carries the id of a session row and nothing that could go stale. */
const sessionIdOf = (token: JWT): string | undefined => (typeof token.sid === 'string' ? token.sid : undefined)

export function authOptions(): NextAuthOptions {
  // next-auth reads its own address from the environment; left unset it would trust the Host header.
  process.env.NEXTAUTH_URL = publicUrl()
  return {
    secret: required('BACKHAUL_SECRET'),
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    pages: { signIn: '/login', error: '/login' },
    useSecureCookies: secure(),
    cookies: { sessionToken: sessionCookie() },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        authorize: async (given, request) => {
          const address = String(request.headers?.['x-forwarded-for'] ?? 'direct')
          const person = await checkSignIn(given?.email ?? '', given?.password ?? '', address)
          return person ? { id: person.id, email: person.email, name: person.name } : null
        },
      }),
      ...oidc(),
    ],
    callbacks: {
      /** By OIDC only with a verified address. Somebody new gets an account without roles: a user administrator decides. */
      async signIn({ account, profile, user }) {
        if (account?.provider !== 'oidc') return true
        const verified = profile && 'email_verified' in profile && profile.email_verified === true
        if (!verified || !user.email) return false
        const known = await findAccount(user.email)
        if (known) return known.active
        await createAccount({ email: user.email, name: user.name ?? user.email, roles: [] })
        return true
      },
      async jwt({ token, user }) {
        if (!user?.email) return token
        const person = await findAccount(user.email)
        return person ? { sid: await openSession(person, null) } : {}
      },
      session: ({ session, token }) => ({ ...session, sid: sessionIdOf(token) }),
      /** Only back into this installation. */
      redirect: ({ url, baseUrl }) =>
        url.startsWith('/') && !url.startsWith('//')
          ? `${baseUrl}${url}`
          : url.startsWith(`${baseUrl}/`)
            ? url
            : baseUrl,
    },
    events: {
      async signOut({ token }) {
        const sid = sessionIdOf(token)
        if (sid) await closeSession(sid)
      },
    },
    logger: {
      error: (code, metadata) => log('auth').warn({ code, metadata: String(metadata) }, 'next-auth'),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}
