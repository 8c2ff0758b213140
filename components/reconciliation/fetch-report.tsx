'use client'
import { RefreshCw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

/** Asks the payment provider itself for what it has refunded since its last report. */
export function FetchReport() {
  const router = useRouter()
  const [state, setState] = useState<{ busy: boolean; told: string; failed: boolean }>({
    busy: false,
    told: '',
    failed: false,
  })
  async function ask() {
    setState({ busy: true, told: '', failed: false })
    try {
      const response = await fetch('/api/v1/reports/payments', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
      })
      const answer: { rows?: number; error?: { message: string } } = await response.json()
      const told = answer.error?.message ?? `${answer.rows ?? 0} refunds reported.`
      setState({ busy: false, told, failed: answer.error !== undefined })
      if (!answer.error) router.refresh()
    } catch {
      setState({ busy: false, told: 'The server could not be reached. Try again.', failed: true })
    }
  }
  return (
    <>
      <button type="button" className="control" disabled={state.busy} onClick={() => void ask()}>
        <RefreshCw size={14} strokeWidth={1.5} aria-hidden="true" />
        {state.busy ? 'Asking' : 'Ask the provider'}
      </button>
      <output aria-live="polite" className={`self-center text-sm ${state.failed ? 'text-worse' : 'text-muted'}`}>
        {state.told}
      </output>
    </>
  )
}
