'use client'
import { useEffect } from 'react'

/** Tints a figure for a second when its value has changed in place, so that the eye finds it (not under reduced motion). */
function watchFigures(signal: AbortSignal): void {
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      const figure = change.target.parentElement?.closest('[data-live]')
      figure?.classList.add('changed')
    }
  })
  observer.observe(document.body, { characterData: true, subtree: true })
  signal.addEventListener('abort', () => observer.disconnect())
  const settle = (event: Event) => {
    if (event.target instanceof Element) event.target.classList.remove('changed')
  }
  document.addEventListener('animationend', settle, { signal })
}

/** The opened figure is part of the page's address (`sel=`): a link shows the recipient the same. */
function keepOpenedInUrl(signal: AbortSignal): void {
  const asked = new URL(location.href).searchParams.get('sel')
  const panel = asked ? document.getElementById(`figure-${asked}`) : null
  if (panel?.popover && !panel.matches(':popover-open')) panel.showPopover()
  const onToggle = (event: Event) => {
    if (!(event instanceof ToggleEvent) || !(event.target instanceof HTMLElement)) return
    if (!event.target.id.startsWith('figure-')) return
    const url = new URL(location.href)
    if (event.newState === 'open') url.searchParams.set('sel', event.target.id.replace('figure-', ''))
    else url.searchParams.delete('sel')
    history.replaceState(history.state, '', url)
  }
  document.addEventListener('toggle', onToggle, { signal, capture: true })
}

export function useLiveFigures(): void {
  useEffect(() => {
    const abort = new AbortController()
    watchFigures(abort.signal)
    keepOpenedInUrl(abort.signal)
    return () => abort.abort()
  }, [])
}
