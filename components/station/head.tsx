'use client'
import { useSyncExternalStore } from 'react'
import type { Station } from '@/lib/workflow/read/station-types'
import type { Snapshot } from './sender'
import { onSound, setSound, signal, soundOn } from './signal'

/** Leaving a station loads the page afresh. */
const HOME = '/'
const COMMANDS = '/receiving/commands'

type Shown = Pick<Snapshot, 'ready' | 'waiting' | 'foreign' | 'connection' | 'kept' | 'keeping'>

/** Where the station stands, who works at it, and whether everything has arrived. */
export function StationHead({
  station,
  snapshot,
  path,
  today,
  unit,
}: {
  station: Station
  snapshot: Shown
  path: string
  today: number
  /** What is counted: "received", "inspected". */
  unit: string
}) {
  return (
    <header className="st-head">
      <a className="st-home" href={HOME} aria-label="Leave the station">
        ‹
      </a>
      <Place station={station} path={path} />
      <span className="st-muted">{station.shift ? `${station.shift} shift` : ''}</span>
      <span>{station.person.name}</span>
      <Sync snapshot={snapshot} path={path} />
      <span className="st-push st-muted">
        <b className="num">{today}</b> {unit} today
      </span>
      <a className="st-small grid place-items-center" href={COMMANDS}>
        Commands
      </a>
      <Sound />
    </header>
  )
}

function Place({ station, path }: { station: Station; path: string }) {
  if (station.facilities.length < 2) return <b>{station.facility.name}</b>
  return (
    <label className="flex items-center gap-2">
      <span className="sr-only">Facility</span>
      <select
        className="st-select"
        defaultValue={station.facility.id}
        onChange={(event) => location.assign(`${path}?facility=${encodeURIComponent(event.target.value)}`)}
      >
        {station.facilities.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Sync({ snapshot, path }: { snapshot: Shown; path: string }) {
  const { ready, foreign, connection, kept, waiting } = snapshot
  return (
    <>
      <output
        className="st-sync"
        data-state={connection !== 'online' ? 'away' : waiting > 0 || !ready ? 'sending' : 'synced'}
      >
        {ready ? words(snapshot) : 'Starting'}
        {connection === 'signed-out' ? (
          <>
            {' '}
            <a className="link" href={`/login?callbackUrl=${encodeURIComponent(path)}`}>
              Sign in
            </a>
          </>
        ) : null}
      </output>
      {kept ? null : (
        <span className="st-warn">This browser keeps nothing: do not close the page before all is sent.</span>
      )}
      {foreign > 0 ? (
        <span className="st-warn">{foreign} scans of somebody else wait for them to sign in here.</span>
      ) : null}
    </>
  )
}

/** That scans are kept is said when they are on the disk: whoever reads it may close the page. */
function words({ connection, waiting, keeping }: Shown): string {
  const count = waiting === 1 ? '1 scan' : `${waiting} scans`
  const where = keeping ? `keeping ${count}` : `${count} kept here`
  if (connection === 'signed-out') return `Your session has ended: ${where}.`
  if (connection === 'offline') return waiting > 0 ? `Offline, ${where}` : 'Offline'
  return waiting > 0 ? `Sending ${count}` : 'Synced'
}

function Sound() {
  const on = useSyncExternalStore(onSound, soundOn, () => true)
  return (
    <button
      type="button"
      className="st-small"
      aria-pressed={on}
      onClick={() => {
        setSound(!on)
        signal('right')
      }}
    >
      Sound {on ? 'on' : 'off'}
    </button>
  )
}
