'use client'
import { useState } from 'react'
import type { Choice, Entry, Tone } from './entry'

const SIGN: Record<Tone, string> = { right: '✓', wrong: '✗', ask: '?', info: '›' }
const WORD: Record<Tone, string> = { right: 'Right', wrong: 'Wrong', ask: 'Question', info: 'Note' }

/** What the last scan came to, readable from a metre away; with what can be done about it, one number key each. */
export function Result({
  entry,
  asking,
  onChoose,
}: {
  entry: Entry | undefined
  /** The choice whose number or text is being typed. */
  asking: Choice | null
  onChoose: (choice: Choice, value?: string) => void
}) {
  if (!entry)
    return (
      <section className="st-result" data-tone="idle" aria-label="Last scan">
        <p className="st-title">Ready</p>
        <p className="st-muted">Scan the label of a parcel: return, order, serial or tracking number.</p>
      </section>
    )
  const tone: Tone = entry.tone ?? 'info'
  const waits = entry.state === 'waiting'
  const code = entry.action.type === 'scan' ? entry.action.code : entry.action.label
  return (
    <section
      className="st-result"
      key={`${entry.id}${entry.state}`}
      data-tone={waits ? 'waiting' : tone}
      aria-label="Last scan"
    >
      <p className="st-sign" aria-hidden="true">
        {waits ? '…' : SIGN[tone]}
      </p>
      <div className="min-w-0">
        <p className="st-title" role={tone === 'wrong' && !waits ? 'alert' : 'status'}>
          <span className="sr-only">{waits ? 'Scanned' : WORD[tone]}: </span>
          {waits ? code : (entry.title ?? code)}
        </p>
        <p className="st-detail">{waits ? 'Kept here; it is sent as soon as it can be.' : entry.detail}</p>
        {waits || entry.settled ? null : <Choices choices={entry.choices ?? []} asking={asking} onChoose={onChoose} />}
      </div>
    </section>
  )
}

/** What the last unit came to, in a strip above the one that is in the hands now. */
export function LastDone({ entry }: { entry: Entry }) {
  const tone: Tone = entry.tone ?? 'info'
  const waits = entry.state === 'waiting'
  return (
    <section
      className="st-strip"
      key={`${entry.id}${entry.state}`}
      data-tone={waits ? 'waiting' : tone}
      aria-label="Last unit"
    >
      <span className="st-dot" aria-hidden="true">
        {waits ? '…' : SIGN[tone]}
      </span>
      <p className="min-w-0" role={tone === 'wrong' && !waits ? 'alert' : 'status'}>
        <b>{entry.title ?? (entry.action.type === 'command' ? entry.action.label : '')}</b>{' '}
        <span className="st-muted">{waits ? 'Kept here; it is sent as soon as it can be.' : entry.detail}</span>
      </p>
    </section>
  )
}

function Choices({
  choices,
  asking,
  onChoose,
}: {
  choices: readonly Choice[]
  asking: Choice | null
  onChoose: (choice: Choice, value?: string) => void
}) {
  if (asking?.asks) return <Typed choice={asking} onChoose={onChoose} />
  if (choices.length === 0) return null
  return (
    <ul className="st-choices">
      {choices.map((choice, index) => (
        <li key={choice.label}>
          <button type="button" className="st-button" onClick={() => onChoose(choice)}>
            <kbd className="st-key">{index + 1}</kbd> {choice.label}
          </button>
        </li>
      ))}
    </ul>
  )
}

/** What has just been asked for is typed at once; the scanner works all the same. */
const focus = (field: HTMLInputElement | null): void => field?.focus()

function Typed({ choice, onChoose }: { choice: Choice; onChoose: (choice: Choice, value: string) => void }) {
  const [value, setValue] = useState('')
  const numeric = choice.asks?.numeric === true
  return (
    <form
      className="flex flex-wrap items-end gap-3 pt-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() !== '') onChoose(choice, value.trim())
      }}
    >
      <label className="grid gap-1">
        {choice.asks?.label}
        <input
          className="st-input"
          ref={focus}
          inputMode={numeric ? 'numeric' : 'text'}
          pattern={numeric ? '[0-9]{1,6}' : undefined}
          autoComplete="off"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      </label>
      <button type="submit" className="st-button st-primary">
        Done
      </button>
    </form>
  )
}
