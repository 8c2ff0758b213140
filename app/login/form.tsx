'use client'

import { type ReactNode, useActionState } from 'react'
import type { FormState } from './actions'

/** A form with one action: says what went wrong above its button, keeps what was typed, and works before scripts have loaded. */
export function ActionForm({
  action,
  submit,
  fields,
  email = '',
}: {
  action: (state: FormState, form: FormData) => Promise<FormState>
  submit: string
  /** Everything but the e-mail field and the button. */
  fields: ReactNode
  email?: string
}) {
  const [state, act, pending] = useActionState(action, {})
  return (
    <form action={act} className="grid gap-4">
      <label className="grid gap-1 text-sm">
        E-mail
        <input
          key={state.email ?? email}
          className="control h-10 w-full px-3 text-base"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={state.email ?? email}
          aria-describedby={state.error ? 'form-error' : undefined}
        />
      </label>
      {fields}
      {state.error ? (
        <p id="form-error" role="alert" className="text-sm text-worse">
          {state.error}
        </p>
      ) : null}
      <button
        type="submit"
        disabled={pending}
        className="h-10 rounded-sm bg-accent px-4 font-medium text-on-accent disabled:opacity-60"
      >
        {pending ? 'One moment …' : submit}
      </button>
    </form>
  )
}

export function PasswordField({ fresh = false }: { fresh?: boolean }) {
  return (
    <label className="grid gap-1 text-sm">
      Password
      <input
        className="control h-10 w-full px-3 text-base"
        name="password"
        type="password"
        autoComplete={fresh ? 'new-password' : 'current-password'}
        minLength={fresh ? 12 : undefined}
        required
      />
    </label>
  )
}
