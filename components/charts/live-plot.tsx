'use client'
import { type ComponentType, type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react'
import type { BarsView } from './bars-view'
import type { TrendView } from './trend-view'

type Kind = { kind: 'trend'; view: TrendView } | { kind: 'bars'; view: BarsView }
interface Engine {
  LiveTrend: ComponentType<{ view: TrendView; label: string }>
  LiveBars: ComponentType<{ view: BarsView; label: string }>
}

let engine: Promise<Engine> | undefined
/** One chunk for every chart; fetched once, on the first sign that somebody is there. */
const load = (): Promise<Engine> => {
  engine ??= import('./live-engine')
  return engine
}

let warming = false
/** A cold load stays free of the engine: it is fetched with the first move of a hand on the page. */
function warm(): void {
  if (warming) return
  warming = true
  const fetchIt = () => void load()
  for (const type of ['pointermove', 'keydown', 'touchstart'] as const) {
    addEventListener(type, fetchIt, { once: true, passive: true })
  }
}

/** The arrow keys belong to the chart now: who came by keyboard goes on in it, as soon as it is drawn. */
function focusWhenDrawn(element: HTMLElement, signal: AbortSignal): void {
  const observer = new MutationObserver(() => {
    const drawn = element.querySelector<SVGElement>('svg[tabindex="0"]')
    if (!drawn) return
    observer.disconnect()
    drawn.focus()
  })
  observer.observe(element, { childList: true, subtree: true })
  signal.addEventListener('abort', () => observer.disconnect())
}

/**
 * The server's drawing, until a person reaches for it: then the interactive one takes its place in the same box. State,
 * not Suspense: React holds a Suspense reveal back by 300 ms.
 */
export function LivePlot(
  props: Kind & { label: string; children: ReactNode; className?: string; style?: CSSProperties },
) {
  const box = useRef<HTMLDivElement>(null)
  const [parts, setParts] = useState<Engine | null>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return
    warm()
    const abort = new AbortController()
    const swap = () => {
      const focused = document.activeElement === element
      void load().then((loaded) => {
        if (abort.signal.aborted) return
        setParts(loaded)
        if (focused) focusWhenDrawn(element, abort.signal)
      })
    }
    for (const type of ['pointerenter', 'focusin', 'touchstart'] as const) {
      element.addEventListener(type, swap, { once: true, passive: true, signal: abort.signal })
    }
    return () => abort.abort()
  }, [])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is a group of marks, not a form's fieldset
    <div
      ref={box}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a chart is a group of marks, no tag says that
      role="group"
      aria-label={props.label}
      // Focus is how a keyboard reaches for the interactive form.
      tabIndex={parts ? -1 : 0}
      className={`absolute ${props.className ?? ''}`}
      style={props.style}
      data-plot={parts ? 'on' : 'off'}
    >
      {parts === null ? (
        props.children
      ) : props.kind === 'trend' ? (
        <parts.LiveTrend view={props.view} label={props.label} />
      ) : (
        <parts.LiveBars view={props.view} label={props.label} />
      )}
    </div>
  )
}
