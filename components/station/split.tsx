'use client'
import { useState } from 'react'
import type { StationUnit } from '@/lib/workflow/read/station-types'

/** What has just been asked for is typed at once. */
const focus = (field: HTMLInputElement | null): void => field?.focus()

/** Takes a carton that is not uniform apart: the pieces of each part, which must add up to what lies here. */
export function Split({
  unit,
  onDone,
  onLeave,
}: {
  unit: StationUnit
  onDone: (name: string, input: Record<string, unknown>, label: string) => void
  onLeave: () => void
}) {
  const [text, setText] = useState('')
  const parts = text
    .split(/[^0-9]+/)
    .filter(Boolean)
    .map(Number)
  const total = parts.reduce((sum, each) => sum + each, 0)
  const fits = parts.length >= 2 && total === unit.quantity && parts.every((each) => each > 0)
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (fits)
          onDone('unit.split', { unitId: unit.id, into: parts }, `${unit.name}: split into ${parts.join(' and ')}`)
      }}
    >
      <label className="grid gap-1">
        <span className="st-step">Pieces of each part, such as 12 5 4</span>
        <input
          ref={focus}
          className="st-input"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <output className="st-muted">
        {total} of {unit.quantity} pieces
        {fits ? '' : parts.length < 2 ? ': at least two parts' : ': the parts must add up'}
      </output>
      <div className="st-do">
        <button type="submit" className="st-button st-primary" disabled={!fits}>
          Split
        </button>
        <button type="button" className="st-button" onClick={onLeave}>
          Leave it whole
        </button>
      </div>
    </form>
  )
}
