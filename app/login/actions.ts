'use server'

import { redirect } from 'next/navigation'
import type { Account } from '@/lib/auth/accounts'
import { spendSetupToken } from '@/lib/auth/first-administrator'
import { homeOf, isRole } from '@/lib/auth/permissions'
import { returnPath } from '@/lib/auth/return-path'
import { signInWithPassword, startSession } from '@/lib/auth/session'
import { spendSetUpLink } from '@/lib/auth/set-up-links'
import { UserError } from '@/lib/errors'

export interface FormState {
  /** What went wrong, in a sentence; the name and the address that were typed, to keep them. */
  error?: string
  email?: string
  name?: string
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** Where somebody goes after signing in: back to what they asked for, else to the page of their role. */
const destination = (person: Account, form: FormData): string =>
  returnPath(text(form, 'callbackUrl')) ?? homeOf(person.roles.filter(isRole))

export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  const email = text(form, 'email')
  let person: Account | undefined
  try {
    person = await signInWithPassword(email, text(form, 'password'))
  } catch (error) {
    if (error instanceof UserError) return { error: error.message, email }
    throw error
  }
  if (!person) return { error: 'This address and password do not belong together.', email }
  redirect(destination(person, form))
}

/** One click as a person of the demo company: the same check as for everybody. */
export async function signInAsDemo(form: FormData): Promise<void> {
  const { error } = await signIn({}, form)
  if (error) redirect('/login?error=demo')
}

export async function setUp(_: FormState, form: FormData): Promise<FormState> {
  const email = text(form, 'email')
  const name = text(form, 'name')
  let person: Account
  try {
    person = await spendSetupToken(text(form, 'token'), { email, name, password: text(form, 'password') })
    await startSession(person)
  } catch (error) {
    if (error instanceof UserError) return { error: error.message, email, name }
    throw error
  }
  redirect(destination(person, form))
}

/** A person who was invited, or needs a new password, chooses one with their link. */
export async function choosePassword(_: FormState, form: FormData): Promise<FormState> {
  let person: Account
  try {
    person = await spendSetUpLink(text(form, 'token'), text(form, 'password'))
    await startSession(person)
  } catch (error) {
    if (error instanceof UserError) return { error: error.message }
    throw error
  }
  redirect(destination(person, form))
}
