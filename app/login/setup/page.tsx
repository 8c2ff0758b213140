import type { Metadata } from 'next'
import { setUp } from '../actions'
import { AccountForm } from '../form'
import { LoginFrame } from '../frame'

export const metadata: Metadata = { title: 'First administrator' }

type Search = Promise<Record<string, string | string[] | undefined>>

/** The first administrator comes in with a one-time token from `npm run backhaul -- users setup-token`. */
export default async function SetupPage({ searchParams }: { searchParams: Search }) {
  const { token } = await searchParams
  if (typeof token !== 'string' || token === '') {
    return (
      <LoginFrame title="First administrator" lead="This page opens with a link that is good for 15 minutes.">
        <p className="text-sm">
          Whoever runs this installation makes one: <code>npm run backhaul -- users setup-token</code>
        </p>
      </LoginFrame>
    )
  }
  return (
    <LoginFrame
      title="First administrator"
      lead="This account manages people, roles and keys. Its password has at least 12 characters."
    >
      <AccountForm action={setUp} submit="Create the account" fresh>
        <input type="hidden" name="token" value={token} />
      </AccountForm>
    </LoginFrame>
  )
}
