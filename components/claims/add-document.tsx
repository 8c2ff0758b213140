'use client'
import { Paperclip } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ChangeEvent, useState } from 'react'

/** Adds a photo or a document to a claim; it is kept by its content and cannot be changed. */
export function AddDocument({ claimId }: { claimId: string }) {
  const router = useRouter()
  const [state, setState] = useState<{ busy: boolean; message: string }>({ busy: false, message: '' })

  async function add(event: ChangeEvent<HTMLInputElement>) {
    const input = event.currentTarget
    const file = input.files?.[0]
    if (!file) return
    setState({ busy: true, message: '' })
    const body = new FormData()
    body.set('file', file)
    body.set('subjectType', 'claim')
    body.set('subjectId', claimId)
    try {
      const response = await fetch('/api/v1/evidence', { method: 'POST', body })
      const answer: { error?: { message: string } } = await response.json()
      setState({ busy: false, message: answer.error?.message ?? '' })
      if (!answer.error) router.refresh()
    } catch {
      setState({ busy: false, message: 'The server could not be reached. Choose the file again.' })
    }
    input.value = ''
  }

  return (
    <div className="mt-2 text-sm">
      <label className="control relative">
        <Paperclip size={14} strokeWidth={1.5} aria-hidden="true" />
        {state.busy ? 'Adding' : 'Add a photo or document'}
        <input
          type="file"
          accept="image/*,application/pdf"
          className="absolute inset-0 cursor-pointer opacity-0"
          disabled={state.busy}
          onChange={add}
        />
      </label>
      {state.message ? (
        <p role="alert" className="mt-1 text-sm text-worse">
          {state.message}
        </p>
      ) : null}
    </div>
  )
}
