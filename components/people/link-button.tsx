'use client'
import { useRouter } from 'next/navigation'
import { useState } from 'react'

interface Made {
  readonly link: string
  readonly until: string
}

/** Makes the link with which a person chooses a password. It is shown once, to be handed over. */
export function LinkButton({ personId, label }: { personId: string; label: string }) {
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [made, setMade] = useState<Made | null>(null)
  const [problem, setProblem] = useState('')
  async function make() {
    setBusy(true)
    setProblem('')
    try {
      const response = await fetch('/api/v1/people/link', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ personId }),
      })
      const answer: Made & { error?: { message: string } } = await response.json()
      if (answer.error) setProblem(answer.error.message)
      else setMade(answer)
      router.refresh()
    } catch {
      setProblem('The server could not be reached. Try again: an earlier link stops working then.')
    }
    setBusy(false)
  }
  return (
    <div className="text-sm">
      <button type="button" className="control" disabled={busy} onClick={() => void make()}>
        {busy ? 'Making it' : label}
      </button>
      <div aria-live="polite">
        {made ? (
          <div className="mt-2 max-w-[80ch] border-l-2 border-accent pl-2">
            <p>
              Hand this to them. It works once, for three days, and is not shown again. Earlier links no longer work.
            </p>
            <p className="num mt-1 rounded border border-line bg-panel px-2 py-1 break-all select-all">{made.link}</p>
            <button
              type="button"
              className="control mt-1"
              onClick={() => void navigator.clipboard.writeText(made.link)}
            >
              Copy
            </button>
          </div>
        ) : null}
      </div>
      {problem ? (
        <p role="alert" className="mt-1 border-l-2 border-worse pl-2">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
