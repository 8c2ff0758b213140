'use client'

import { signIn } from 'next-auth/react'

export function SingleSignOn({ next }: { next: string }) {
  return (
    <button type="button" className="control h-10 w-full" onClick={() => void signIn('oidc', { callbackUrl: next })}>
      Sign in with your company account
    </button>
  )
}
