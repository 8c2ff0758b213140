'use client'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'

/** Why a command was refused: a code that the page may explain further, and a sentence that says what to do. */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly parameter?: string
}

export type Outcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly refusal: Refusal }

const UNREACHABLE: Refusal = {
  code: 'unreachable',
  message: 'The server could not be reached. Nothing was lost: try again, it will be done once.',
}

/** Sends one command. The id makes it safe to send again: it is carried out once. */
export async function sendCommand<Result>(name: string, input: unknown, commandId: string): Promise<Outcome<Result>> {
  try {
    const response = await fetch(`/api/v1/commands/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ commandId, input }),
    })
    const answer: { result?: Result; error?: Refusal } = await response.json()
    if (answer.error) return { ok: false, refusal: answer.error }
    return { ok: true, result: answer.result as Result }
  } catch {
    return { ok: false, refusal: UNREACHABLE }
  }
}

/**
 * One button's command: `run(input)` sends it, `busy` while it is under way, `refusal` when it was refused. After an unreachable server the
 * same press is sent again under the same id. When it is done the page is read again, so that everything on it is true.
 */
export function useCommand<Result = unknown>(name: string, done?: (result: Result) => void) {
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const pending = useRef<{ key: string; id: string } | null>(null)
  async function run(input: unknown): Promise<Outcome<Result>> {
    const key = JSON.stringify(input)
    if (pending.current?.key !== key) pending.current = { key, id: crypto.randomUUID() }
    setBusy(true)
    setRefusal(null)
    const outcome = await sendCommand<Result>(name, input, pending.current.id)
    setBusy(false)
    if (outcome.ok) {
      pending.current = null
      done?.(outcome.result)
      router.refresh()
    } else {
      if (outcome.refusal.code !== 'unreachable') pending.current = null
      setRefusal(outcome.refusal)
    }
    return outcome
  }
  return { run, busy, refusal, clear: () => setRefusal(null) }
}
