'use client'
import { type ComponentType, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { KeyListProps } from './key-list'
import { toggleFigure, useKeys } from './keys'
import { useLiveFigures } from './live-figures'
import type { PaletteProps } from './palette'
import { useSoftNavigation } from './soft-navigation'

/** Loaded on first use: a cold page carries none of it. */
const loadPalette = () => import('./palette').then((module) => module.Palette)
const loadKeys = () => import('./key-list').then((module) => module.KeyList)

/**
 * What the shell adds when scripts run: soft navigation with a sign that it is under way, keys, search, live figures.
 * Without scripts the page below it is whole.
 */
export function ShellLive({ pages, children }: { pages: PaletteProps['pages']; children: ReactNode }) {
  const { pending, go, refresh } = useSoftNavigation()
  const [Palette, setPalette] = useState<ComponentType<PaletteProps> | null>(null)
  const [KeyList, setKeyList] = useState<ComponentType<KeyListProps> | null>(null)
  const opener = useRef<Element | null>(null)
  const openPalette = () => {
    opener.current = document.activeElement
    void loadPalette().then((loaded) => setPalette(() => loaded))
  }
  const openKeys = () => {
    opener.current = document.activeElement
    void loadKeys().then((loaded) => setKeyList(() => loaded))
  }
  const close = () => {
    setPalette(null)
    setKeyList(null)
    if (opener.current instanceof HTMLElement) opener.current.focus()
  }
  useLiveFigures()
  useKeys({ go, openPalette, openKeys, pages: Object.fromEntries(pages.map((page) => [page.key, page.href])) })

  const onNews = useEffectEvent(() => refresh())
  const onOpen = useEffectEvent((what: string | null | undefined) => {
    if (what === 'palette') openPalette()
    if (what === 'keys') openKeys()
  })
  useEffect(() => {
    const abort = new AbortController()
    const onClick = (event: MouseEvent) => {
      if (!(event.target instanceof Element)) return
      const open = event.target.closest('[data-open]')?.getAttribute('data-open')
      const toggle = event.target.closest('[data-toggle]')
      for (const menu of document.querySelectorAll('details[data-menu][open]')) {
        if (!menu.contains(event.target)) menu.removeAttribute('open')
      }
      if (!open && !toggle) return
      event.preventDefault()
      onOpen(open)
      if (toggle) {
        const figure = toggle.closest('figure')
        toggleFigure(figure, toggle.getAttribute('data-toggle') ?? undefined)
        figure?.querySelector<HTMLElement>(`[data-toggle]:not([data-toggle="${figure.dataset.as}"])`)?.focus()
      }
    }
    // Before the soft navigation sees it.
    document.addEventListener('click', onClick, { signal: abort.signal, capture: true })
    addEventListener('backhaul:news', () => onNews(), { signal: abort.signal })
    return () => abort.abort()
  }, [])

  useEffect(() => {
    document.getElementById('main')?.setAttribute('aria-busy', String(pending))
  }, [pending])

  return (
    <>
      <div className={`progress noprint ${pending ? 'progress-on' : ''}`} aria-hidden="true" />
      {children}
      {Palette ? <Palette pages={pages} go={go} onClose={close} /> : null}
      {KeyList ? <KeyList pages={pages} onClose={close} /> : null}
    </>
  )
}
