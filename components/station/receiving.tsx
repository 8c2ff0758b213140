'use client'
import { useRef, useState } from 'react'
import { type CommandCode, commandIn } from '@/lib/scan/command-codes'
import { withoutSymbol } from '@/lib/scan/gs1'
import type { Station, StationUnit } from '@/lib/workflow/read/station-types'
import { receiveOne } from './decide-scan'
import type { Action, Choice, Entry } from './entry'
import { StationHead } from './head'
import { OpenReturn, receivable } from './open-case'
import { photoOf } from './photo'
import { Result } from './result'
import { ScanField } from './scan-field'
import { needsSomebody, ScanLog } from './scan-log'
import { useScanner } from './scanner'
import { signal } from './signal'
import { useNow, useStation } from './use-station'
import { workReceiving } from './work-receiving'

const GRADES = ['A', 'B', 'C', 'D', 'E'] as const

/** The dock: everything that comes in is scanned, is answered in sound, colour and words, and can be taken back for half a minute. */
export function Receiving({ station }: { station: Station }) {
  const facility = station.facility.id
  const { sender, snapshot } = useStation(station.person.id, facility, workReceiving)
  const [shown, setShown] = useState<string | null>(null)
  const [asking, setAsking] = useState<Choice | null>(null)
  const [note, setNote] = useState<string | null>(null)
  const camera = useRef<HTMLInputElement>(null)

  const { entries, openCase } = snapshot
  const current = entries.find(({ id }) => id === shown) ?? entries.find(({ state }) => state !== 'cancelled')
  const last = entries.find(({ receipt, state, settled }) => receipt && state === 'sent' && !settled)
  const unsent = entries[0]?.state === 'waiting' ? entries[0] : undefined
  const now = useNow(last?.receipt !== undefined)
  const left = last?.receipt ? Math.min(30, Math.ceil((last.receipt.undoUntil - now) / 1000)) : 0
  const [opened] = useState(() => Date.now())
  const today = station.today + entries.filter(({ receipt, at, settled }) => receipt && at > opened && !settled).length

  const add = (action: Action): Entry => {
    const entry = sender.add(action)
    setShown(null)
    setAsking(null)
    setNote(null)
    signal('taken')
    return entry
  }
  const command = (name: string, input: Record<string, unknown>, label: string) =>
    add({ type: 'command', name, input, label })

  const receive = (unit: StationUnit) => {
    const meaning = receiveOne(unit, null, facility)
    if (meaning.do === 'receive') {
      command('unit.receive', { ...meaning.input }, unit.name)
      return
    }
    const count = meaning.choices[0]
    if (!count) return
    const { tone, title, detail, choices } = meaning
    const entry = sender.say(count.action ?? { type: 'scan', code: unit.id }, { tone, title, detail, choices })
    setShown(entry.id)
    setAsking(count)
  }

  const choose = (choice: Choice, value?: string) => {
    if (!current) return
    if (choice.asks && value === undefined) {
      setAsking(choice)
      return
    }
    sender.change(current.id, { settled: true })
    setAsking(null)
    setShown(null)
    if (choice.action?.type !== 'command') return
    const given =
      choice.asks && value !== undefined ? { [choice.asks.name]: choice.asks.numeric ? Number(value) : value } : {}
    command(choice.action.name, { ...choice.action.input, ...given }, choice.action.label)
  }

  const undo = () => {
    if (unsent) sender.change(unsent.id, { state: 'cancelled' })
    else if (last?.receipt && left > 0) {
      sender.change(last.id, { settled: true })
      command('unit.undo_receipt', { unitId: last.receipt.unitId }, 'Undo')
    } else refuse('There is nothing left to undo: a receipt can be taken back for 30 seconds.')
  }
  const refuse = (words: string) => {
    setNote(words)
    signal('wrong')
  }
  const grade = (condition: string) => {
    if (last || unsent)
      add({
        type: 'command',
        name: 'unit.amend_receipt',
        input: { condition },
        label: `Grade ${condition}`,
        ofLast: true,
      })
    else refuse('Receive something first: the grade is for what was received last.')
  }
  const short = () => {
    const [next] = receivable(openCase)
    if (!next) refuse('Nothing of the open return is missing. Scan its label first.')
    else if (next.quantity > 1) receive(next)
    else command('unit.receive', { unitId: next.id, facility, quantity: 0 }, `${next.name} is missing`)
  }
  const blind = () => command('unit.receive_blind', { facility }, 'Without a return')
  const next = () => {
    sender.setOpenCase(null)
    setShown(null)
    setNote(null)
  }
  const accept = () => {
    const choice = current && needsSomebody(current) ? current.choices?.[0] : undefined
    if (choice) choose(choice)
    else if (current && needsSomebody(current)) sender.change(current.id, { settled: true })
    else {
      const open = receivable(openCase)
      if (open[0] && open.length === 1) receive(open[0])
    }
  }
  // What waits to be sent may be a receipt: its photo waits behind it.
  const something = last !== undefined || entries.some(({ state }) => state === 'waiting')
  const photo = () =>
    something ? camera.current?.click() : refuse('Receive something first: the photo is of what was received last.')

  const obey = (order: CommandCode) => {
    if (order === 'ACCEPT') accept()
    else if (order === 'UNDO') undo()
    else if (order === 'SHORT') short()
    else if (order === 'PHOTO') photo()
    else if (order === 'NEXT') next()
    else grade(order.slice(-1))
  }
  const scanned = (code: string) => {
    const order = commandIn(withoutSymbol(code))
    if (order) obey(order)
    else if (asking?.asks && !asking.asks.numeric) choose(asking, withoutSymbol(code))
    else add({ type: 'scan', code })
  }
  const pressed = (key: string): boolean => {
    const upper = key.toUpperCase()
    const keys: Record<string, () => void> = {
      U: undo,
      S: short,
      R: blind,
      P: photo,
      N: next,
      '/': () => document.getElementById('scan')?.focus(),
    }
    for (const each of GRADES) keys[each] = () => grade(each)
    if (/^[1-9]$/.test(key)) {
      const choice = current && needsSomebody(current) ? current.choices?.[Number(key) - 1] : undefined
      const unit = receivable(openCase)[Number(key) - 1]
      if (choice) choose(choice)
      else if (unit) receive(unit)
      return true
    }
    if (key === 'Enter') accept()
    keys[upper]?.()
    return upper in keys
  }
  useScanner({ onScan: scanned, onKey: pressed })

  return (
    <div className="station">
      <StationHead station={station} snapshot={snapshot} path="/receiving" today={today} unit="received" />
      <main id="main" className="st-main">
        <div className="st-work">
          <h1 className="sr-only">Receiving, {station.facility.name}</h1>
          <ScanField label="Scan an RMA, order, serial or tracking number" onCode={scanned} />
          {note ? (
            <p className="st-note" role="alert">
              {note}
            </p>
          ) : null}
          <Result entry={current} asking={asking} onChoose={choose} />
          {openCase ? <OpenReturn openCase={openCase} onReceive={receive} /> : null}
        </div>
        <aside className="st-side" aria-label="Scans">
          <ScanLog entries={entries} onOpen={(entry) => setShown(entry.id)} />
        </aside>
      </main>
      <footer className="st-bar">
        <fieldset className="st-grades">
          <legend className="sr-only">Preliminary grade of what was received last</legend>
          {GRADES.map((each) => (
            <button
              key={each}
              type="button"
              className="st-button"
              disabled={!last?.receipt}
              onClick={() => grade(each)}
            >
              <kbd className="st-key">{each}</kbd>
              <span className="sr-only">Grade {each}</span>
            </button>
          ))}
        </fieldset>
        <button type="button" className="st-button" disabled={!unsent && left <= 0} onClick={undo}>
          <kbd className="st-key">U</kbd> Undo{left > 0 && !unsent ? ` ${left} s` : ''}
        </button>
        <button type="button" className="st-button" disabled={receivable(openCase).length === 0} onClick={short}>
          <kbd className="st-key">S</kbd> Short
        </button>
        <button type="button" className="st-button" onClick={blind}>
          <kbd className="st-key">R</kbd> Without a return
        </button>
        <button type="button" className="st-button" disabled={!something} onClick={photo}>
          <kbd className="st-key">P</kbd> Photo
        </button>
        <button type="button" className="st-button" disabled={!openCase} onClick={next}>
          <kbd className="st-key">N</kbd> Next
        </button>
        <input
          ref={camera}
          type="file"
          accept="image/*"
          capture="environment"
          className="sr-only"
          tabIndex={-1}
          aria-label="Photo of what was received last"
          onChange={async (event) => {
            const [file] = event.target.files ?? []
            event.target.value = ''
            if (file) add(await photoOf(file, null))
          }}
        />
      </footer>
    </div>
  )
}
