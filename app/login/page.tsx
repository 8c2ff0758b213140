import type { Metadata } from 'next'
import dynamic from 'next/dynamic'
import { redirect } from 'next/navigation'
import { DEMO_ACCOUNTS } from '@/lib/auth/demo'
import { oidcConfigured } from '@/lib/auth/options'
import { currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { signIn } from './actions'
import { ActionForm, PasswordField } from './form'

export const metadata: Metadata = { title: 'Sign in' }

/** Only installations with a company account load what that needs. */
const SingleSignOn = dynamic(() => import('./single-sign-on').then((module) => module.SingleSignOn))

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function LoginPage({ searchParams }: { searchParams: Search }) {
  const { next, error } = await searchParams
  const target = typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/'
  if (await currentActor()) redirect(target)
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-4xl content-center gap-10 px-4 py-10 md:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] md:gap-16">
      <section aria-labelledby="sign-in">
        <p className="mb-8 text-lg font-semibold tracking-tight">Backhaul</p>
        <h1 id="sign-in" className="mb-1 text-lg font-semibold">
          Sign in
        </h1>
        <p className="mb-6 text-sm text-muted">What came back, where it lies, what it cost and who owes for it.</p>
        {error ? (
          <p role="alert" className="mb-4 text-sm text-worse">
            Your company account was refused. Its e-mail address must be verified and the account switched on here.
          </p>
        ) : null}
        <ActionForm
          action={signIn}
          submit="Sign in"
          fields={
            <>
              <PasswordField />
              <input type="hidden" name="next" value={target} />
            </>
          }
        />
        {oidcConfigured() ? (
          <div className="mt-4">
            <SingleSignOn next={target} />
          </div>
        ) : null}
      </section>
      {env().BACKHAUL_DEMO ? <DemoAccounts next={target} /> : null}
    </main>
  )
}

function DemoAccounts({ next }: { next: string }) {
  return (
    <section aria-labelledby="demo" className="md:border-l md:border-line md:pl-16">
      <h2 id="demo" className="mb-1 font-semibold">
        Demo company
      </h2>
      <p className="mb-4 text-sm text-muted">
        Sign in as one of its people. These accounts exist in demo mode only; their password is{' '}
        <code className="whitespace-nowrap text-ink">{DEMO_ACCOUNTS[0]?.password}</code>.
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {DEMO_ACCOUNTS.map(({ email, name, role, password }) => (
          <li key={email}>
            <form action={enter}>
              <input type="hidden" name="email" value={email} />
              <input type="hidden" name="password" value={password} />
              <input type="hidden" name="next" value={next} />
              <button
                type="submit"
                className="flex w-full items-baseline justify-between gap-4 py-2 text-left text-sm hover:bg-panel"
              >
                <span className="font-medium">{name}</span>
                <span className="text-muted">{role}</span>
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

async function enter(form: FormData) {
  'use server'
  await signIn({}, form)
}
