'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'

interface Reached {
  readonly state: string
  readonly judged: number
  readonly total: number
}

const EVERY = 1_000
const BAR =
  'appearance-none border-0 bg-sel [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sel [&::-webkit-progress-value]:bg-accent'

/** How far a simulation is, asked once a second; when it has ended the page is read again and shows what came of it. */
export function SimulationProgress({
  kind,
  id,
  of,
  mine,
  initial,
}: {
  kind: string
  id: string
  /** What is judged, in the plural. */
  of: string
  mine: boolean
  initial: Reached
}) {
  const router = useRouter()
  const [reached, setReached] = useState(initial)
  const [lost, setLost] = useState(false)
  const [stopping, setStopping] = useState(false)
  const address = `/api/v1/policies/${kind}/simulate/${id}`
  const look = useEffectEvent(async () => {
    try {
      const response = await fetch(address)
      const { simulation }: { simulation?: Reached } = await response.json()
      setLost(!simulation)
      if (!simulation) return
      setReached(simulation)
      if (simulation.state !== 'waiting' && simulation.state !== 'running') router.refresh()
    } catch {
      setLost(true)
    }
  })
  useEffect(() => {
    const timer = setInterval(() => void look(), EVERY)
    return () => clearInterval(timer)
  }, [])
  async function stop() {
    setStopping(true)
    await fetch(address, { method: 'DELETE', headers: { 'content-type': 'application/json' } }).catch(() => undefined)
    router.refresh()
  }
  const { state, judged, total } = reached
  const share = total === 0 ? 0 : Math.round((judged / total) * 100)
  return (
    <div className="border-y border-line py-6">
      <p className="font-medium">{state === 'waiting' ? 'Waits for its turn' : 'Judging the past'}</p>
      <progress
        className={`mt-2 block h-1.5 w-full max-w-xl ${BAR}`}
        max={100}
        value={state === 'waiting' ? 0 : share}
        aria-label={`${of} judged`}
      />
      <p className="num mt-1 text-sm text-muted" aria-live="polite">
        {lost
          ? 'The server could not be reached. It goes on there; this page asks again.'
          : state === 'waiting'
            ? 'Simulations are carried out one after the other.'
            : `${share} % of ${total} ${of}`}
      </p>
      <p className="mt-2 text-sm text-muted">
        You can leave this page: it goes on without you, and you are told wherever you are when it is done.
      </p>
      {mine ? (
        <button type="button" className="control mt-3" disabled={stopping} onClick={() => void stop()}>
          Stop
        </button>
      ) : null}
    </div>
  )
}
