'use client'

import { signIn } from 'next-auth/react'

export function SingleSignOn({ callbackUrl }: { callbackUrl: string }) {
  return (
    <button
      type="button"
      className="control mt-3 h-10 w-full justify-center text-base"
      onClick={() => void signIn('oidc', { callbackUrl })}
    >
      Sign in with your company account
    </button>
  )
}
