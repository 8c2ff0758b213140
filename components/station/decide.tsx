'use client'
import { useEffect, useEffectEvent, useState } from 'react'
import type { NextUnit } from '@/lib/workflow/read/station-types'

export interface DecideHandle {
  key(key: string): boolean
  accept(): void
  photo(): void
  serial(text: string): boolean
}

const words = (code: string): string => {
  const text = code.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Who decides otherwise types the reason next. */
const focus = (field: HTMLInputElement | null): void => field?.focus()

/** What becomes of an inspected unit: one key accepts what the rule proposes, a number and a reason decide otherwise. */
export function Decide({
  next: { unit, proposal },
  onHandle,
  onDone,
  onSkip,
}: {
  next: NextUnit
  onHandle: (handle: DecideHandle | null) => void
  onDone: (name: string, input: Record<string, unknown>, label: string) => void
  onSkip: () => void
}) {
  const [other, setOther] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const others = proposal?.allowed.filter((each) => each !== proposal.disposition) ?? []

  const accept = () => {
    if (!proposal) return
    if (other === null)
      onDone(
        'unit.dispose',
        { unitId: unit.id, disposition: proposal.disposition },
        `${unit.name}: ${words(proposal.disposition).toLowerCase()}`,
      )
    else if (reason.trim().length >= 8)
      onDone(
        'unit.override',
        { unitId: unit.id, disposition: other, reason: reason.trim() },
        `${unit.name}: ${words(other).toLowerCase()} instead`,
      )
  }
  const press = (key: string): boolean => {
    const chosen = others[Number(key) - 1]
    if (!chosen) return false
    setOther(chosen)
    return true
  }
  const latest = useEffectEvent(
    (): DecideHandle => ({ key: press, accept, photo: () => undefined, serial: () => false }),
  )
  useEffect(() => {
    onHandle({
      key: (key) => latest().key(key),
      accept: () => latest().accept(),
      photo: () => latest().photo(),
      serial: (text) => latest().serial(text),
    })
    return () => onHandle(null)
  }, [onHandle])

  if (!proposal)
    return (
      <p className="st-note">
        There is no proposal: the unit has not been inspected yet.
        <button type="button" className="st-button ml-3" onClick={onSkip}>
          Skip
        </button>
      </p>
    )
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        accept()
      }}
    >
      <section className="st-proposal" aria-label="Proposed disposition">
        <p className="st-title">{words(proposal.disposition)}</p>
        <p className="st-detail">{proposal.note}</p>
        <p className="st-muted">
          Row {proposal.row} of disposition policy version {proposal.version}
          {proposal.stage === 'interim' ? '. Interim: it is decided again later.' : '. Final.'}
        </p>
      </section>
      <fieldset>
        <legend className="st-step">Decide otherwise</legend>
        <div className="st-options">
          {others.map((each, index) => (
            <button
              key={each}
              type="button"
              className="st-button"
              aria-pressed={other === each}
              onClick={() => setOther(other === each ? null : each)}
            >
              <kbd className="st-key">{index + 1}</kbd> {words(each)}
            </button>
          ))}
        </div>
      </fieldset>
      {other === null ? null : (
        <label className="grid">
          <span className="st-step">
            Why {words(other).toLowerCase()}, and not {words(proposal.disposition).toLowerCase()}
          </span>
          <input
            className="st-input"
            ref={focus}
            required
            minLength={8}
            maxLength={500}
            autoComplete="off"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
      )}
      <div className="st-do">
        <button type="submit" className="st-button st-primary">
          <kbd className="st-key">⏎</kbd>{' '}
          {other === null ? `Accept: ${words(proposal.disposition).toLowerCase()}` : 'Decide otherwise'}
        </button>
        <button type="button" className="st-button" onClick={onSkip}>
          <kbd className="st-key">N</kbd> Skip
        </button>
      </div>
    </form>
  )
}
