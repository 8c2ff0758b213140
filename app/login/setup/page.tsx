import type { Metadata } from 'next'
import { personOfLink } from '@/lib/auth/set-up-links'
import { choosePassword, setUp } from '../actions'
import { AccountForm } from '../form'
import { LoginFrame } from '../frame'

export const metadata: Metadata = { title: 'Set-up' }

type Search = Promise<Record<string, string | string[] | undefined>>

/**
 * The first administrator comes in with a one-time token from `npm run backhaul -- users setup-token`; everybody else chooses a password with a link
 * that a user administrator made for them.
 */
export default async function SetupPage({ searchParams }: { searchParams: Search }) {
  const { token } = await searchParams
  if (typeof token !== 'string' || token === '') {
    return (
      <LoginFrame title="Set-up" lead="This page opens with a link that works once.">
        <p className="text-sm">
          A user administrator makes one for each person. The first administrator’s is made by whoever runs this
          installation: <code>npm run backhaul -- users setup-token</code>
        </p>
      </LoginFrame>
    )
  }
  const person = await personOfLink(token)
  if (person)
    return (
      <LoginFrame
        title={`Welcome, ${person.name}`}
        lead="Choose a password of at least 12 characters. This link works once."
      >
        <AccountForm action={choosePassword} submit="Set the password and sign in" known={person.email}>
          <input type="hidden" name="token" value={token} />
        </AccountForm>
      </LoginFrame>
    )
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
