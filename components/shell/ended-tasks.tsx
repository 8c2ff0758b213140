'use client'
import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useState } from 'react'

/** Long work of the reader that has ended while they were elsewhere. */
export interface EndedTask {
  readonly id: string
  readonly href: string
  readonly says: string
}

/** The event that carries what the freshness chip has heard. */
export const ENDED = 'backhaul:ended'
const SEEN = 'ended-tasks'

const seen = (): string[] => (localStorage.getItem(SEEN) ?? '').split(' ').filter(Boolean)
const see = (id: string): void => localStorage.setItem(SEEN, [...seen().slice(-20), id].join(' '))

/** Tells once that something is done, wherever the reader is; on its own page it has been seen. */
export function EndedTasks() {
  const [task, setTask] = useState<EndedTask | null>(null)
  const hear = useEffectEvent((ended: readonly EndedTask[]) => {
    const known = seen()
    for (const each of ended) if (!known.includes(each.id) && location.search.includes(each.id)) see(each.id)
    setTask(ended.find(({ id }) => !known.includes(id) && !location.search.includes(id)) ?? null)
  })
  useEffect(() => {
    const listen = (event: Event) => {
      if (event instanceof CustomEvent) hear(event.detail)
    }
    addEventListener(ENDED, listen)
    return () => removeEventListener(ENDED, listen)
  }, [])
  const close = () => {
    if (task) see(task.id)
    setTask(null)
  }
  return (
    <output
      aria-live="polite"
      className="noprint fixed right-4 bottom-4 z-40 max-sm:right-2 max-sm:bottom-16 max-sm:left-2"
    >
      {task ? (
        <span className="layer flex items-center gap-3 px-3 py-2 text-sm">
          <span>
            {task.says}{' '}
            <a className="link" href={task.href} onClick={close}>
              Look at it
            </a>
          </span>
          <button
            type="button"
            className="control border-transparent px-1"
            aria-label="Close the message"
            onClick={close}
          >
            <X size={14} strokeWidth={1.5} aria-hidden="true" />
          </button>
        </span>
      ) : null}
    </output>
  )
}
