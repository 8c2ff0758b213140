'use client'
import { useState } from 'react'
import { SKIP_CODES, type SkipCode } from '@/lib/returns/skip-codes'
import { ask } from './ask'

/** By keyboard the reasons are one Tab apart, beginning here. */
const focus = (button: HTMLButtonElement | null): void => button?.focus()

/** A unit is left for later only with a reason that is a code. */
export function Skip({
  unitId,
  onDone,
  onLeave,
}: {
  unitId: string
  /** Null when it was skipped, else what went wrong. */
  onDone: (problem: string | null) => void
  onLeave: () => void
}) {
  const [busy, setBusy] = useState(false)
  const skip = async (code: SkipCode) => {
    setBusy(true)
    const answer = await ask('/api/v1/commands/unit.skip', { commandId: crypto.randomUUID(), input: { unitId, code } })
    setBusy(false)
    onDone(
      answer.state === 'ok'
        ? null
        : answer.state === 'refused'
          ? answer.message
          : 'Offline: skip it again when the station is online.',
    )
  }
  return (
    <fieldset disabled={busy}>
      <legend className="st-step">Why is it skipped?</legend>
      <div className="st-options">
        {Object.entries(SKIP_CODES).map(([code, label], index) => (
          <button
            key={code}
            ref={index === 0 ? focus : null}
            type="button"
            className="st-button"
            onClick={() => void skip(code as SkipCode)}
          >
            {label}
          </button>
        ))}
        <button type="button" className="st-button" onClick={onLeave}>
          Go on with it
        </button>
      </div>
    </fieldset>
  )
}
