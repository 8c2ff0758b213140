import type { Metadata } from 'next'
import { setUp } from '../actions'
import { ActionForm, PasswordField } from '../form'

export const metadata: Metadata = { title: 'First administrator' }

type Search = Promise<Record<string, string | string[] | undefined>>

/** The first administrator comes in with a one-time token from `npm run backhaul -- users setup-token`. */
export default async function SetupPage({ searchParams }: { searchParams: Search }) {
  const { token } = await searchParams
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center px-4 py-10">
      <p className="mb-8 text-lg font-semibold tracking-tight">Backhaul</p>
      <h1 className="mb-1 text-lg font-semibold">First administrator</h1>
      <p className="mb-6 text-sm text-muted">
        This account manages people, roles and keys. Choose a password of at least 12 characters.
      </p>
      <ActionForm
        action={setUp}
        submit="Create the account"
        fields={
          <>
            <label className="grid gap-1 text-sm">
              Name
              <input className="control h-10 w-full px-3 text-base" name="name" autoComplete="name" required />
            </label>
            <PasswordField fresh />
            <input type="hidden" name="token" value={typeof token === 'string' ? token : ''} />
          </>
        }
      />
    </main>
  )
}
