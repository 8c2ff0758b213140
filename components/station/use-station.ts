'use client'
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Entry } from './entry'
import { Sender, type Snapshot, type Work } from './sender'
import { signal } from './signal'
import { openStore } from './store'

/** The queue of this station in this browser, alive as long as the page. */
export function useStation(person: string, facility: string, work: Work): { sender: Sender; snapshot: Snapshot } {
  const [sender] = useState(() => new Sender(person, facility, work))
  const snapshot = useSyncExternalStore(sender.subscribe, sender.snapshot, sender.blank)
  useEffect(() => {
    const deaf = sender.onAnswered((entry: Entry) => signal(entry.tone ?? 'info'))
    void sender.start(openStore)
    return () => {
      deaf()
      sender.stop()
    }
  }, [sender])
  return { sender, snapshot }
}

/** The time, told every second while `running`; for a countdown. Up to a second old. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [running])
  return now
}
