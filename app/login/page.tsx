import type { Metadata } from 'next'
import dynamic from 'next/dynamic'
import { redirect } from 'next/navigation'
import { nobodyYet } from '@/lib/auth/accounts'
import { publicUrl } from '@/lib/auth/cookie'
import { offeredDemoAccounts } from '@/lib/auth/demo'
import { oidcConfigured } from '@/lib/auth/options'
import { homeOf } from '@/lib/auth/permissions'
import { returnPath } from '@/lib/auth/return-path'
import { currentActor } from '@/lib/auth/session'
import { signIn } from './actions'
import { DemoPeople } from './demo-people'
import { AccountForm } from './form'
import { LoginFrame } from './frame'

export const metadata: Metadata = { title: 'Sign in' }

/** Only installations with a company account load what that needs. */
const SingleSignOn = dynamic(() => import('./single-sign-on').then((module) => module.SingleSignOn))

type Search = Promise<Record<string, string | string[] | undefined>>

/** What a code in the address means. The address can be written by anybody: nothing of it is shown. */
const REASONS: Readonly<Record<string, string>> = {
  AccessDenied:
    'Your company account was refused. Its e-mail address must be verified there, and the account switched on here.',
  CredentialsSignin: 'This address and password do not belong together.',
  demo: 'This person cannot sign in at the moment. Try again in a quarter of an hour, or as somebody else.',
  too_many_attempts: 'Too many failed attempts. Try again in a quarter of an hour.',
  busy: 'Too many people are signing in at this moment. Try again in a few seconds.',
}
const OTHERWISE = 'Signing in did not work. Nothing is lost: try again, and tell whoever runs Backhaul if it stays.'

export default async function LoginPage({ searchParams }: { searchParams: Search }) {
  const { callbackUrl, error } = await searchParams
  const target = returnPath(callbackUrl, publicUrl()) ?? ''
  const actor = await currentActor()
  if (actor) redirect(target || homeOf(actor.roles))
  const people = await offeredDemoAccounts()
  return (
    <LoginFrame
      title="Sign in"
      lead="What came back, where it lies, what it cost and who owes for it."
      aside={people.length > 0 ? <DemoPeople people={people} callbackUrl={target} /> : undefined}
    >
      {error ? (
        <p role="alert" className="mb-4 text-sm text-worse">
          {(typeof error === 'string' && Object.hasOwn(REASONS, error) && REASONS[error]) || OTHERWISE}
        </p>
      ) : null}
      <AccountForm action={signIn} submit="Sign in">
        <input type="hidden" name="callbackUrl" value={target} />
      </AccountForm>
      {oidcConfigured() ? <SingleSignOn callbackUrl={target || '/'} /> : null}
      {people.length === 0 && (await nobodyYet()) ? (
        <p className="mt-6 text-sm text-muted">
          Nobody has an account here yet. Whoever runs this installation makes the first one:{' '}
          <code className="text-ink">npm run backhaul -- users setup-token</code>
        </p>
      ) : null}
    </LoginFrame>
  )
}
