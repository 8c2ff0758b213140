'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

/** Proves the whole log; the page then says what was found. */
export function VerifyButton() {
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  async function verify() {
    setBusy(true)
    setFailure('')
    const answer: { error?: { message: string } } = await fetch('/api/v1/audit/verify', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
      .then((response) => response.json())
      .catch(() => ({ error: { message: 'The server could not be reached. Try again.' } }))
    setBusy(false)
    if (answer.error) setFailure(answer.error.message)
    router.refresh()
  }
  return (
    <>
      <button type="button" className="control primary" disabled={busy} onClick={() => void verify()}>
        {busy ? 'Verifying' : 'Verify now'}
      </button>
      {failure ? (
        <p role="alert" className="text-sm text-worse">
          {failure}
        </p>
      ) : null}
    </>
  )
}
