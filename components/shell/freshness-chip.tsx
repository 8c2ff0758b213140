'use client'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { ENDED, type EndedTask } from './ended-tasks'

export interface FreshnessNews {
  /** Event time up to which the figures reach, ISO 8601, and the same as a clock in the page's zone. */
  watermark: string | null
  clock: string
  behindMs: number | null
}

const STALE_MS = 10_000
const POLL_MS = 1_000
/** At most one reload of the figures in this time, however fast the events come. */
const REFRESH_MS = 2_000

/** "1.2 s", "14 s", "3 min", "5 h", "2 days". */
function age(ms: number): string {
  const s = Math.max(0, ms) / 1000
  if (s < 10) return `${s.toFixed(1)}\u202fs`
  if (s < 90) return `${Math.round(s)}\u202fs`
  if (s < 5400) return `${Math.round(s / 60)}\u202fmin`
  if (s < 172_800) return `${Math.round(s / 3600)}\u202fh`
  return `${Math.round(s / 86_400)} days`
}

/**
 * How far the figures on the page reach, in event time. It ages on screen; after ten seconds without news it says so in
 * words; when newer events are in, the page's figures are read again in place.
 */
export function FreshnessChip({ initial, tz }: { initial: FreshnessNews; tz: string }) {
  const [news, setNews] = useState(initial)
  const [behind, setBehind] = useState(initial.behindMs)
  const [lost, setLost] = useState(false)
  const shown = useRef(initial.watermark)
  useEffect(() => {
    shown.current = initial.watermark
  }, [initial])
  // Where the clockwork starts; it goes on while the page is rendered again with each refresh.
  const begin = useEffectEvent(() => initial)
  useEffect(() => {
    let received = performance.now()
    let current = begin()
    let refreshed = 0
    const poll = async () => {
      if (document.hidden) return
      try {
        const response = await fetch(`/live?tz=${encodeURIComponent(tz)}`)
        if (response.status === 401) return location.reload()
        if (!response.ok) throw new Error(String(response.status))
        const next: FreshnessNews & { ended?: readonly EndedTask[] } = await response.json()
        received = performance.now()
        current = next
        setLost(false)
        setNews(next)
        if (next.ended?.length) dispatchEvent(new CustomEvent(ENDED, { detail: next.ended }))
        if (next.watermark && next.watermark !== shown.current && received - refreshed > REFRESH_MS) {
          refreshed = received
          shown.current = next.watermark
          dispatchEvent(new Event('backhaul:news'))
        }
      } catch {
        setLost(true)
      }
    }
    const timers = [
      setInterval(() => void poll(), POLL_MS),
      setInterval(() => {
        setBehind(current.behindMs === null ? null : current.behindMs + performance.now() - received)
      }, 500),
    ]
    return () => {
      for (const timer of timers) clearInterval(timer)
    }
  }, [tz])
  const stale = behind !== null && behind > STALE_MS
  return (
    <span className="flex items-center gap-1.5 whitespace-nowrap text-xs text-muted" title={`Event time, ${tz}`}>
      <i
        className={`mark size-1.5 shrink-0 rounded-full ${lost ? 'bg-worse' : stale || behind === null ? 'bg-warn' : 'bg-better'}`}
        aria-hidden="true"
      />
      {news.watermark === null ? (
        'No events yet'
      ) : (
        <span>
          <span className="max-sm:hidden">Events to </span>
          <time dateTime={news.watermark}>{news.clock}</time>
          {lost ? (
            <span className="text-worse">, no connection</span>
          ) : stale ? (
            <span className="text-warn">
              , stale<span className="max-sm:hidden">: no news for</span> {age(behind)}
            </span>
          ) : (
            <span className="num">, {age(behind ?? 0)} behind</span>
          )}
        </span>
      )}
    </span>
  )
}
