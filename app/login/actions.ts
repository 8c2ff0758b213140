'use server'

import { redirect } from 'next/navigation'
import { useSetupToken as takeSetupToken } from '@/lib/auth/accounts'
import { signInWithPassword, startSession } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'

export interface FormState {
  /** What went wrong, in a sentence; the address that was typed, to keep it. */
  error?: string
  email?: string
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** A path of this installation, or its front page: never another site. */
const inside = (path: string): string => (/^\/(?![/\\])/.test(path) ? path : '/')

export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  const email = text(form, 'email')
  try {
    if (!(await signInWithPassword(email, text(form, 'password')))) {
      return { error: 'This address and password do not belong together.', email }
    }
  } catch (error) {
    if (error instanceof UserError) return { error: error.message, email }
    throw error
  }
  redirect(inside(text(form, 'next')))
}

export async function setUp(_: FormState, form: FormData): Promise<FormState> {
  const email = text(form, 'email')
  try {
    const person = { email, name: text(form, 'name'), password: text(form, 'password') }
    await startSession(await takeSetupToken(text(form, 'token'), person), null)
  } catch (error) {
    if (error instanceof UserError) return { error: error.message, email }
    throw error
  }
  redirect('/')
}
