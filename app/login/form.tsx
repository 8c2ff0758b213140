'use client'

import { type ReactNode, useActionState } from 'react'
import type { FormState } from './actions'

/** As large as on a phone a browser wants it, so that it does not zoom in. */
const INPUT = 'field h-10 w-full px-3 text-[1rem] sm:text-base'
const ERROR = 'form-error'

/** A form with one action: says what went wrong above its button, keeps what was typed, and works before scripts have loaded. */
export function AccountForm({
  action,
  submit,
  fresh = false,
  known,
  children,
}: {
  action: (state: FormState, form: FormData) => Promise<FormState>
  submit: string
  /** For an account that is being made: asks for a name and a new password. */
  fresh?: boolean
  /** The address of an account that gets a new password: it is shown and stays. */
  known?: string
  /** Hidden fields. */
  children: ReactNode
}) {
  const [state, act, pending] = useActionState(action, {})
  const chooses = fresh || known !== undefined
  const invalid = state.error ? { 'aria-invalid': true, 'aria-describedby': ERROR } : {}
  return (
    <form action={act} className="grid gap-4">
      {children}
      {fresh ? (
        <label className="grid gap-1 text-sm">
          Name
          <input
            key={state.name}
            className={INPUT}
            name="name"
            autoComplete="name"
            required
            defaultValue={state.name}
          />
        </label>
      ) : null}
      <label className="grid gap-1 text-sm">
        E-mail
        <input
          key={state.email}
          className={INPUT}
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          defaultValue={known ?? state.email}
          readOnly={known !== undefined}
          {...(known === undefined ? invalid : {})}
        />
      </label>
      <label className="grid gap-1 text-sm">
        Password
        <input
          className={INPUT}
          name="password"
          type="password"
          autoComplete={chooses ? 'new-password' : 'current-password'}
          minLength={chooses ? 12 : undefined}
          required
          {...invalid}
        />
      </label>
      {state.error ? (
        <p id={ERROR} role="alert" className="text-sm text-worse">
          {state.error}
        </p>
      ) : null}
      <button
        type="submit"
        disabled={pending}
        className="control primary h-10 w-full justify-center text-base font-medium disabled:opacity-60"
      >
        {pending ? 'One moment …' : submit}
      </button>
    </form>
  )
}
