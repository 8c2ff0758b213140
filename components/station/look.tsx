'use client'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { checklistOf } from '@/lib/returns/checklist'
import { CONDITIONS, type Condition, FINDINGS, type Finding } from '@/lib/returns/codes'
import type { StationUnit } from '@/lib/workflow/read/station-types'
import type { Entry } from './entry'
import { type PhotoAction, photoOf } from './photo'
import { Shots } from './shots'
import { signal } from './signal'

export interface LookHandle {
  key(key: string): boolean
  accept(): void
  photo(): void
  /** A scanned serial; false when none is wanted, and the scan is for something else. */
  serial(text: string): boolean
}

const GRADES: Record<Condition, string> = {
  A: 'new, sealed',
  B: 'open, as new',
  C: 'minor wear',
  D: 'damaged or faulty',
  E: 'unusable',
}
/** The likeliest findings of a grade come first; their number keys follow. */
const LIKELY: Record<Condition, readonly Finding[]> = {
  A: ['as_new', 'no_fault_found', 'packaging_only', 'wrong_item_returned'],
  B: ['as_new', 'no_fault_found', 'packaging_only', 'used'],
  C: ['used', 'incomplete', 'packaging_only', 'customer_damage'],
  D: ['confirmed_defect', 'customer_damage', 'transit_damage', 'incomplete'],
  E: ['customer_damage', 'confirmed_defect', 'transit_damage', 'empty_box'],
}
/** Number keys: 1 to 9, then 0, minus and equals, as they lie. */
const FINDING_KEYS = '1234567890-='
const CHECK_KEYS = 'ZXVYM'
const MOST_MINUTES = 30

const words = (code: string): string => {
  const text = code.replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
const findingsFor = (condition: Condition | null): readonly Finding[] => {
  const likely = condition ? LIKELY[condition] : []
  return [...likely, ...FINDINGS.filter((each) => !likely.includes(each))]
}

/** One look at a unit: grade, finding, checklist, serial, photo. The common case is three keys: a letter, a number, Enter. */
export function Look({
  unit,
  photos,
  onPhoto,
  onTakeBack,
  onHandle,
  onDone,
  onNote,
  onSkip,
  onSplit,
}: {
  unit: StationUnit
  /** Those of this unit in the queue: a reload loses none. */
  photos: readonly Entry[]
  onPhoto: (photo: PhotoAction) => void
  onTakeBack: ((photo: Entry) => void) | null
  onHandle: (handle: LookHandle | null) => void
  onDone: (name: string, input: Record<string, unknown>, label: string, photos: readonly string[]) => void
  onNote: (note: string | null) => void
  onSkip: () => void
  onSplit: () => void
}) {
  const checks = checklistOf(unit.category)
  const [condition, setCondition] = useState<Condition | null>(null)
  const [finding, setFinding] = useState<Finding | null>(null)
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set())
  const [serial, setSerial] = useState('')
  const [started] = useState(() => Date.now())
  const camera = useRef<HTMLInputElement>(null)
  const findings = findingsFor(condition)
  const serialMissing = unit.needsSerial && serial === '' && finding !== 'empty_box'
  const ready = condition !== null && finding !== null && !serialMissing

  const toggle = (id: string) => {
    const now = new Set(wrong)
    if (!now.delete(id)) now.add(id)
    setWrong(now)
  }
  const accept = () => {
    if (!ready) {
      onNote(
        condition === null
          ? 'Grade it first: A to E.'
          : finding === null
            ? 'Say what you found: a number key.'
            : 'Scan its serial.',
      )
      signal('wrong')
      return
    }
    const minutes = Math.round(Math.min(MOST_MINUTES, (Date.now() - started) / 60_000) * 100) / 100
    onDone(
      'unit.inspect',
      {
        unitId: unit.id,
        condition,
        finding,
        checklist: Object.fromEntries(checks.map(({ id }) => [id, !wrong.has(id)])),
        laborMinutes: minutes,
        ...(serial ? { serial } : {}),
      },
      `${unit.name}: ${condition}, ${words(finding).toLowerCase()}`,
      photos.map(({ id }) => id),
    )
  }
  const press = (key: string): boolean => {
    const grade = CONDITIONS.find((each) => each === key)
    const found = findings[FINDING_KEYS.indexOf(key)]
    const check = checks[CHECK_KEYS.indexOf(key)]
    if (grade) setCondition(grade)
    else if (FINDING_KEYS.includes(key) && found) setFinding(found)
    else if (key === 'T' && unit.quantity > 1) onSplit()
    else if (CHECK_KEYS.includes(key) && check) toggle(check.id)
    else return false
    onNote(null)
    return true
  }
  const takeSerial = (text: string): boolean => {
    // A scan is the serial of what is in the hands until there is one; a unit's own label is never one.
    if (serial !== '' || text === unit.id || text === unit.rmaId || !(unit.needsSerial || condition !== null))
      return false
    setSerial(text)
    return true
  }
  const latest = useEffectEvent(
    (): LookHandle => ({ key: press, accept, photo: () => camera.current?.click(), serial: takeSerial }),
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

  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        accept()
      }}
    >
      <fieldset>
        <legend className="st-step">Grade</legend>
        <div className="st-options st-five">
          {CONDITIONS.map((each) => (
            <button
              key={each}
              type="button"
              className="st-button"
              aria-pressed={condition === each}
              onClick={() => press(each)}
            >
              <kbd className="st-key">{each}</kbd> {GRADES[each]}
            </button>
          ))}
        </div>
      </fieldset>
      <fieldset>
        <legend className="st-step">Finding</legend>
        <div className="st-options">
          {findings.map((each, index) => (
            <button
              key={each}
              type="button"
              className="st-button"
              aria-pressed={finding === each}
              onClick={() => setFinding(each)}
            >
              <kbd className="st-key">{FINDING_KEYS[index]}</kbd> {words(each)}
            </button>
          ))}
        </div>
      </fieldset>
      <div className="flex flex-wrap gap-x-8 gap-y-4">
        <fieldset>
          <legend className="st-step">Checklist: press what is not so</legend>
          <div className="flex flex-wrap gap-2">
            {checks.map(({ id, question }, index) => (
              <button
                key={id}
                type="button"
                className="st-button"
                aria-pressed={wrong.has(id)}
                onClick={() => toggle(id)}
              >
                <kbd className="st-key">{CHECK_KEYS[index]}</kbd> {question}: {wrong.has(id) ? 'no' : 'yes'}
              </button>
            ))}
          </div>
        </fieldset>
        <label className="grid content-start">
          <span className="st-step">Serial {unit.needsSerial ? '(needed)' : '(scan it, if it has one)'}</span>
          <input
            className="st-input"
            inputMode="none"
            autoComplete="off"
            value={serial}
            onChange={(event) => setSerial(event.target.value)}
          />
        </label>
      </div>
      <Shots photos={photos} onTakeBack={onTakeBack} />
      <div className="st-do">
        <button type="submit" className="st-button st-primary" aria-disabled={!ready}>
          <kbd className="st-key">⏎</kbd> Record the inspection
        </button>
        <button type="button" className="st-button" onClick={() => camera.current?.click()}>
          <kbd className="st-key">P</kbd> Photo{photos.length > 0 ? ` (${photos.length})` : ''}
        </button>
        {unit.quantity > 1 ? (
          <button type="button" className="st-button" onClick={onSplit}>
            <kbd className="st-key">T</kbd> Split
          </button>
        ) : null}
        <button type="button" className="st-button" onClick={onSkip}>
          <kbd className="st-key">N</kbd> Skip
        </button>
      </div>
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        className="sr-only"
        tabIndex={-1}
        aria-label="Photo of this unit"
        onChange={async (event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) onPhoto(await photoOf(file, unit.id))
        }}
      />
    </form>
  )
}
