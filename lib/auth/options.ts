import type { NextAuthOptions, Profile } from 'next-auth'
import Credentials from 'next-auth/providers/credentials'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { env, required } from '../env'
import { describeError, UserError } from '../errors'
import { log } from '../log'
import { type Account, accountById } from './accounts'
import { publicUrl, secure, sessionCookie, sessionIdOf } from './cookie'
import { clientOf } from './forwarded'
import { accountOfIdentity } from './identities'
import { returnPath } from './return-path'
import { actorOfSession, closeSession, LONGEST_SESSION_SECONDS, openSession } from './sessions'
import { checkSignIn } from './sign-in'

/** The request that signs in: what its session will remember, and which session of the same browser it ends. */
interface Browser {
  userAgent: string | null
  session: string | undefined
}

/** Sign-in with the company's own identity provider, when the settings name one. */
export const oidcConfigured = (): boolean =>
  Boolean(env().OIDC_ISSUER && env().OIDC_CLIENT_ID && env().OIDC_CLIENT_SECRET)

function oidc(): OAuthConfig<Profile>[] {
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
      profile: (profile) => ({ id: profile.sub ?? '', email: profile.email ?? null, name: profile.name ?? null }),
    },
  ]
}

/** The account behind the claims of a checked id token. */
function accountOfProfile(profile: Profile | undefined): Promise<Account | undefined> {
  const claims: Readonly<Record<string, unknown>> = { ...profile }
  const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : undefined)
  const subject = text('sub')
  if (!subject) return Promise.resolve(undefined)
  return accountOfIdentity({
    issuer: text('iss') ?? env().OIDC_ISSUER ?? '',
    subject,
    email: text('email'),
    emailVerified: claims.email_verified === true,
    name: text('name'),
  })
}

const credentials = () =>
  Credentials({
    credentials: { email: {}, password: {} },
    authorize: async (given, request) => {
      const headers = new Headers()
      const way: unknown = request.headers?.['x-forwarded-for']
      if (typeof way === 'string') headers.set('x-forwarded-for', way)
      try {
        const person = await checkSignIn(given?.email ?? '', given?.password ?? '', clientOf(headers))
        return person ? { id: person.id, email: person.email, name: person.name } : null
      } catch (error) {
        // next-auth puts an error's message into an address: the code is enough, and a fault of ours is nobody's business.
        if (error instanceof UserError) throw new Error(error.code, { cause: error })
        log('auth').error({ error: describeError(error) }, 'a sign-in could not be checked')
        throw new Error('unexpected', { cause: error })
      }
    },
  })

/**
 * next-auth as it is used here: it proves who somebody is (a password of ours, or the identity provider), and its encrypted token carries the id
 * of a session row. What a person may do is never in the token: it is looked up at every use (sessions.ts).
 */
export function authOptions(browser: Browser): NextAuthOptions {
  // next-auth reads its own address from the environment; left unset it would trust the Host header.
  process.env.NEXTAUTH_URL = publicUrl()
  return {
    secret: required('BACKHAUL_SECRET'),
    session: { strategy: 'jwt', maxAge: LONGEST_SESSION_SECONDS },
    pages: { signIn: '/login', error: '/login', signOut: '/login' },
    useSecureCookies: secure(),
    cookies: { sessionToken: sessionCookie() },
    providers: [credentials(), ...oidc()],
    callbacks: {
      signIn: async ({ account, profile }) => account?.provider !== 'oidc' || Boolean(await accountOfProfile(profile)),
      /** At a sign-in (`account` is given), opens the session; later, refuses a token whose session has ended: next-auth then takes the cookie back. */
      async jwt({ token, user, account, profile }) {
        if (!account) {
          const sid = sessionIdOf(token)
          if (sid && (await actorOfSession(sid, new Date(), { passive: true }))) return token
          throw new UserError('session_ended', 'The session has ended.', 401)
        }
        const person = account.provider === 'oidc' ? await accountOfProfile(profile) : await accountById(user.id)
        if (!person) throw new UserError('account_unknown', 'There is no such account.', 403)
        if (browser.session) await closeSession(browser.session)
        return { sid: await openSession(person, browser.userAgent) }
      },
      /** What a script of the page may know: who, and nothing that opens a door. */
      async session({ session, token }) {
        const sid = sessionIdOf(token)
        const actor = sid ? await actorOfSession(sid, new Date(), { passive: true }) : undefined
        return { expires: session.expires, user: { name: actor?.name ?? null, email: actor?.email ?? null } }
      },
      /** Only back into this installation. */
      redirect: ({ url, baseUrl }) =>
        url === `${baseUrl}/login` || url === '/login'
          ? `${baseUrl}/login`
          : baseUrl + (returnPath(url, new URL(baseUrl).origin) ?? '/'),
    },
    events: {
      async signOut({ token }) {
        const sid = sessionIdOf(token)
        if (sid) await closeSession(sid)
      },
    },
    logger: {
      error: (code, metadata) => {
        // An ended session and a mistyped password are everyday things; the first is normal, the second is logged where it is counted.
        if (code === 'JWT_SESSION_ERROR' || code.startsWith('CALLBACK_CREDENTIALS')) return
        const cause = metadata instanceof Error ? metadata : metadata.error
        log('auth').warn({ code, reason: describeError(cause) }, 'single sign-on failed')
      },
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}
