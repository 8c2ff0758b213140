'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import type { CaseNews } from '@/lib/workflow/read/case-types'

const POLL_MS = 4_000

/** "4 s", "3 min", "2 h". */
const ago = (at: string | null): string => {
  const s = Math.max(0, Math.round((Date.now() - Date.parse(at ?? '')) / 1000))
  return s < 90 ? `${s}\u202fs` : s < 5400 ? `${Math.round(s / 60)}\u202fmin` : `${Math.round(s / 3600)}\u202fh`
}

/**
 * Says when somebody else has changed the case since it was opened, who and what; nothing that the person was writing is lost, and a command
 * that was begun before carries the version that was seen then.
 */
export function CaseWatch({ rmaId, version }: { rmaId: string; version: number }) {
  const router = useRouter()
  // What the person has seen; the page itself may have been read again since.
  const [seen, setSeen] = useState(version)
  const [news, setNews] = useState<{ change: CaseNews; since: string } | null>(null)
  const poll = useEffectEvent(async () => {
    if (document.hidden) return
    try {
      const response = await fetch(`/returns/${encodeURIComponent(rmaId)}/news`)
      if (!response.ok) return
      const change: CaseNews = await response.json()
      if (change.version <= seen) return
      if (change.mine) setSeen(change.version)
      else setNews({ change, since: ago(change.at) })
    } catch {
      // No connection: the freshness in the bar says so.
    }
  })
  useEffect(() => {
    const timer = setInterval(() => void poll(), POLL_MS)
    return () => clearInterval(timer)
  }, [])
  if (!news || news.change.version <= seen) return null
  const { change, since } = news
  const shown = version >= change.version
  return (
    <output
      aria-live="polite"
      className="noprint sticky top-[var(--bar)] z-10 -mx-[var(--gutter)] mb-4 flex flex-wrap items-center gap-3 border-b border-accent bg-sel px-[var(--gutter)] py-2 text-sm"
    >
      <span>
        <strong className="font-medium">{change.who}</strong> changed this return {since} ago
        {change.what ? `: ${change.what}` : ''}.{shown ? ' What you see has it already.' : ''}
      </span>
      <button
        type="button"
        className="control"
        onClick={() => {
          setSeen(change.version)
          setNews(null)
          if (!shown) router.refresh()
        }}
      >
        {shown ? 'Seen' : 'Show it'}
      </button>
    </output>
  )
}
