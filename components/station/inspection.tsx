'use client'
import { useEffect, useEffectEvent, useState } from 'react'
import { type CommandCode, commandIn } from '@/lib/scan/command-codes'
import { withoutSymbol } from '@/lib/scan/gs1'
import { readScan } from '@/lib/scan/read-scan'
import type { Lookup, Queue, Station } from '@/lib/workflow/read/station-types'
import { ask } from './ask'
import { Decide, type DecideHandle } from './decide'
import type { Entry } from './entry'
import { StationHead } from './head'
import { Look, type LookHandle } from './look'
import { type PhotoAction, photosOf, takenBack } from './photo'
import { LastDone } from './result'
import { ScanField } from './scan-field'
import { useScanner } from './scanner'
import { signal } from './signal'
import { Skip } from './skip'
import { Split } from './split'
import { UnitFacts } from './unit-facts'
import { useStation } from './use-station'
import { workInspection } from './work-inspection'

export type Mode = 'inspect' | 'decide'

/** What the open form obeys: keys and command barcodes that are about the unit in the hands. */
export type Handle = LookHandle | DecideHandle

/** The bench: the unit that matters most comes next, is graded with a few keys, and what becomes of it is proposed. */
export function Inspection({
  station,
  mode,
  modes,
  first,
}: {
  station: Station
  mode: Mode
  /** What this person may do here. */
  modes: readonly Mode[]
  first: Queue
}) {
  const facility = station.facility.id
  const { sender, snapshot } = useStation(station.person.id, facility, workInspection)
  const [queue, setQueue] = useState(first)
  const [note, setNote] = useState<string | null>(null)
  const [aside, setAside] = useState<'skip' | 'split' | null>(null)
  const [handle, setHandle] = useState<Handle | null>(null)
  const [opened] = useState(() => Date.now())
  const { next } = queue
  const { entries } = snapshot
  const mine = entries.filter(
    ({ action }) => action.type === 'command' && /^unit\.(inspect|split|dispose|override)$/.test(action.name),
  )
  const [last] = mine
  const done = station.today + mine.filter(({ at, tone }) => at > opened && tone !== 'wrong').length

  const load = async (unit?: string) => {
    const about = new URLSearchParams({ mode, facility, ...(unit ? { unit } : {}) })
    const answer = await ask<Queue>(`/api/v1/stations/next?${about}`)
    if (answer.state === 'ok') {
      setQueue(answer.value)
      setAside(null)
      return
    }
    setNote(
      answer.state === 'refused'
        ? answer.message
        : 'The queue cannot be read just now. What you have done is kept and will be sent.',
    )
  }
  const finish = (name: string, input: Record<string, unknown>, label: string, photos: readonly string[] = []) => {
    sender.add({ type: 'command', name, input, label, ...(photos.length > 0 ? { photos } : {}) })
    signal('taken')
    setNote(null)
    setQueue({ ...queue, next: null })
  }
  const takePhoto = (photo: PhotoAction) => {
    sender.add(photo)
    signal('taken')
    setNote(null)
  }
  // The next unit is asked for when this one has arrived, so that it is not offered again; a photo is no reason to leave a unit.
  const arrived = useEffectEvent((entry: Entry) => {
    if (entry.action.type !== 'photo') void load()
    else if (entry.tone === 'wrong') setNote(`${entry.title}: ${entry.detail}`)
  })
  useEffect(() => sender.onAnswered((entry) => arrived(entry)), [sender])

  const find = async (code: string) => {
    setNote(null)
    const answer = await ask<Lookup>(
      `/api/v1/stations/lookup?code=${encodeURIComponent(code)}&facility=${encodeURIComponent(facility)}`,
    )
    if (answer.state !== 'ok') {
      refuse(
        answer.state === 'refused'
          ? answer.message
          : 'Offline: units can be looked up again when the station is online.',
      )
      return
    }
    const { units, named } = answer.value
    const candidates = units.filter(({ id }) => named.includes(id))
    const fit =
      candidates.find((unit) => (mode === 'inspect' ? unit.inspect === null : unit.inspected !== null)) ?? candidates[0]
    if (!fit) refuse(`${code} is not known here.`)
    else if (mode === 'inspect' && fit.inspect !== null) refuse(`${fit.name}: ${fit.inspect}`)
    else await load(fit.id)
  }
  const refuse = (words: string) => {
    setNote(words)
    signal('wrong')
  }

  const goOn = () => (next ? setAside('skip') : void load())
  const obey = (order: CommandCode) => {
    if (order === 'ACCEPT') handle?.accept()
    else if (order === 'NEXT') goOn()
    else if (order === 'PHOTO') handle?.photo()
    else if (order === 'UNDO') refuse('An inspection is not undone: grade the unit again, with a reason.')
    else if (order === 'SHORT') refuse('SHORT is a command of the receiving station.')
    else handle?.key(order.slice(-1))
  }
  const scanned = (code: string) => {
    const order = commandIn(withoutSymbol(code))
    if (order) obey(order)
    else {
      const scan = readScan(code)
      const serial = scan?.kind === 'code' ? (scan.serial ?? scan.text) : code
      if (handle?.serial(serial)) signal('taken')
      else void find(scan?.kind === 'code' ? scan.text : code)
    }
  }
  const pressed = (key: string): boolean => {
    const upper = key.toUpperCase()
    if (key === '/') document.getElementById('scan')?.focus()
    else if (upper === 'N') goOn()
    else if (upper === 'P') handle?.photo()
    else if (key === 'Enter') handle?.accept()
    else return handle?.key(upper) ?? false
    return true
  }
  useScanner({ onScan: scanned, onKey: pressed })

  return (
    <div className="station">
      <StationHead
        station={station}
        snapshot={snapshot}
        path="/inspection"
        today={done}
        unit={mode === 'inspect' ? 'inspected' : 'decided'}
      />
      <main id="main" className="st-work">
        <h1 className="sr-only">Inspection, {station.facility.name}</h1>
        <div className="flex flex-wrap items-center gap-3">
          {modes.length > 1 ? <Modes mode={mode} facility={facility} /> : null}
          <ScanField label={mode === 'inspect' ? 'Scan a unit, or its serial' : 'Scan a unit'} onCode={scanned} />
          <span className="st-muted">
            <b className="num">{queue.waiting}</b> wait
          </span>
        </div>
        {note ? (
          <p className="st-note" role="alert">
            {note}
          </p>
        ) : null}
        {last ? <LastDone entry={last} /> : null}
        {next ? (
          <>
            <UnitFacts next={next} mode={mode} />
            {aside === 'split' ? (
              <Split unit={next.unit} onDone={finish} onLeave={() => setAside(null)} />
            ) : aside === 'skip' ? (
              <Skip
                unitId={next.unit.id}
                onDone={(problem) => {
                  setNote(problem)
                  if (problem === null) void load()
                }}
                onLeave={() => setAside(null)}
              />
            ) : mode === 'inspect' ? (
              <Look
                key={next.unit.id}
                unit={next.unit}
                photos={photosOf(entries, next.unit.id)}
                onPhoto={takePhoto}
                onTakeBack={
                  // While the station is online a photo is on its way within the moment: there is nothing to take back.
                  snapshot.connection === 'online' ? null : (photo) => sender.change(photo.id, takenBack(photo))
                }
                onHandle={setHandle}
                onDone={finish}
                onNote={setNote}
                onSkip={() => setAside('skip')}
                onSplit={() => setAside('split')}
              />
            ) : (
              <Decide
                key={next.unit.id}
                next={next}
                onHandle={setHandle}
                onDone={finish}
                onSkip={() => setAside('skip')}
              />
            )}
          </>
        ) : (
          <p className="st-title">{snapshot.waiting > 0 ? 'Sending …' : 'Nothing waits here'}</p>
        )}
      </main>
    </div>
  )
}

const WORDS: Record<Mode, string> = { inspect: 'Inspect', decide: 'Decide' }

function Modes({ mode, facility }: { mode: Mode; facility: string }) {
  return (
    <nav aria-label="What to do" className="flex gap-1">
      {(['inspect', 'decide'] as const).map((each) => (
        <a
          key={each}
          className="st-button"
          aria-current={each === mode ? 'page' : undefined}
          href={`/inspection?mode=${each}&facility=${encodeURIComponent(facility)}`}
        >
          {WORDS[each]}
        </a>
      ))}
    </nav>
  )
}
