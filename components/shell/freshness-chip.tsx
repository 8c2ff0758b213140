'use client'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { ENDED, type EndedTask } from './ended-tasks'
import { ageOf, type FreshnessNews, type LiveNews, newsFor, type Reach, reachOf } from './news'

const POLL_MS = 1_000
/** At most one reload of the figures in this time, however fast the events come. */
const REFRESH_MS = 2_000

const MARKS: Record<Reach, string> = {
  none: 'bg-warn',
  lost: 'bg-worse',
  stuck: 'bg-worse',
  stale: 'bg-warn',
  fresh: 'bg-better',
}

/**
 * How far the figures on the page reach, in event time. It ages on screen; after ten seconds without news, or with events that wait and do not
 * get through, it says so in words; when something was delivered, however late it is dated, the page's figures are read again in place.
 */
export function FreshnessChip({ initial, tz }: { initial: FreshnessNews; tz: string }) {
  const [news, setNews] = useState(initial)
  const [ages, setAges] = useState<{ behind: number | null; waiting: number | null }>({
    behind: initial.behindMs,
    waiting: null,
  })
  const [lost, setLost] = useState(false)
  /** The token of the last delivery that the figures are sure to have. */
  const shown = useRef(initial.token)
  // Where the clockwork starts; it goes on while the page is rendered again with each refresh.
  const begin = useEffectEvent(() => initial)
  useEffect(() => {
    let received = performance.now()
    let current: FreshnessNews & { waitingMs?: number | null } = begin()
    let refreshed = 0
    const poll = async () => {
      if (document.hidden) return
      try {
        const response = await fetch(`/live?tz=${encodeURIComponent(tz)}`)
        if (response.status === 401) return location.reload()
        if (!response.ok) throw new Error(String(response.status))
        const next: LiveNews & { ended?: readonly EndedTask[] } = await response.json()
        received = performance.now()
        current = next
        setLost(false)
        setNews(next)
        if (next.ended?.length) dispatchEvent(new CustomEvent(ENDED, { detail: next.ended }))
        const token = newsFor(shown.current, next)
        if (token !== undefined && received - refreshed > REFRESH_MS) {
          refreshed = received
          shown.current = token
          dispatchEvent(new Event('backhaul:news'))
        }
      } catch {
        setLost(true)
      }
    }
    const aged = (ms: number | null | undefined) => (ms == null ? null : ms + performance.now() - received)
    const timers = [
      setInterval(() => void poll(), POLL_MS),
      setInterval(() => setAges({ behind: aged(current.behindMs), waiting: aged(current.waitingMs) }), 500),
    ]
    return () => {
      for (const timer of timers) clearInterval(timer)
    }
  }, [tz])
  const reach = reachOf(lost, ages.behind, ages.waiting)
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap text-xs text-muted" title={`Event time, ${tz}`}>
      <i className={`mark size-1.5 shrink-0 rounded-full ${MARKS[reach]}`} aria-hidden="true" />
      <span>
        {news.watermark === null ? (
          'No events yet'
        ) : (
          <>
            <span className="max-sm:hidden">Events to </span>
            <time dateTime={news.watermark}>{news.clock}</time>
          </>
        )}
        {reach === 'lost' ? (
          <span className="text-worse">, no connection</span>
        ) : reach === 'stuck' ? (
          <span className="text-worse">
            , delayed<span className="max-sm:hidden">: events wait for</span> {ageOf(ages.waiting ?? 0)}
          </span>
        ) : reach === 'stale' ? (
          <span className="text-warn">
            , stale<span className="max-sm:hidden">: no news for</span> {ageOf(ages.behind ?? 0)}
          </span>
        ) : reach === 'fresh' ? (
          <span className="num">, {ageOf(ages.behind ?? 0)} behind</span>
        ) : null}
      </span>
    </span>
  )
}
