'use client'
import { useEffect, useEffectEvent } from 'react'

export interface KeyTargets {
  go: (target: string) => void
  openPalette: () => void
  openKeys: () => void
  /** Second key after `g`, to an address. */
  pages: Record<string, string>
}

/** Typing is not commanding. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox],[type=radio]), textarea, select'))

/** Letter keys can be turned off (WCAG 2.1.4). */
export const lettersOff = (): boolean => localStorage.getItem('keys') === 'off'

/** `g` was pressed and the letter of a page comes next: that letter means nothing else. */
let waitsForPage = false
export const isPageLetter = (): boolean => waitsForPage

const ROW = 'tbody tr[tabindex], [data-row][tabindex]'

/** The rows of the table that has focus, else of the first one on the page. */
function rowsInReach(): HTMLElement[] {
  const table = document.activeElement?.closest('[data-rows]') ?? document.querySelector('[data-rows]')
  return table ? [...table.querySelectorAll<HTMLElement>(ROW)] : []
}

function moveRow(step: 1 | -1): void {
  const rows = rowsInReach()
  const at = rows.findIndex((row) => row.contains(document.activeElement))
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus()
}

/** Shows a figure as a chart or as its table. */
export function toggleFigure(figure: Element | null | undefined, as?: string): void {
  if (!(figure instanceof HTMLElement)) return
  figure.dataset.as = as ?? (figure.dataset.as === 'table' ? 'chart' : 'table')
}

const figureInReach = (): Element | null =>
  document.activeElement?.closest('figure[data-chart]') ??
  document.querySelector('figure[data-chart]:hover') ??
  document.querySelector('figure[data-chart]')

/**
 * The keys of every page: ⌘K or Ctrl-K search, `/` too, `?` the list of keys, `g` and a letter to a page, j and k along
 * rows, `x` picks one, Space looks into it, `e` the page's CSV, `t` chart or table, `[` the rail. None of the browser's own are taken.
 */
export function useKeys(targets: KeyTargets): void {
  const openPage = useEffectEvent((key: string) => {
    const page = targets.pages[key]
    if (page) targets.go(page + location.search)
  })
  const openPalette = useEffectEvent(() => targets.openPalette())
  const openKeys = useEffectEvent(() => targets.openKeys())
  useEffect(() => {
    const letter: Record<string, () => void> = {
      '/': () => openPalette(),
      '?': () => openKeys(),
      j: () => moveRow(1),
      k: () => moveRow(-1),
      t: () => toggleFigure(figureInReach()),
      e: () => document.querySelector<HTMLAnchorElement>('a[data-csv]')?.click(),
      '[': () => foldRail(),
    }
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        return openPalette()
      }
      if (event.key === 'Escape') return closeTop()
      if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return
      if (isTyping(event.target) || lettersOff() || document.querySelector('dialog[open]')) return
      const row = event.target instanceof HTMLElement && event.target.matches(ROW) ? event.target : null
      if (event.key === 'Enter' && row) return row.querySelector<HTMLAnchorElement>('a[href]')?.click()
      if (event.key === 'x' && row) return row.querySelector<HTMLInputElement>('input[name="pick"]')?.click()
      if (event.key === ' ' && row) {
        const peek = row.querySelector<HTMLElement>('[data-peek]')
        if (!peek) return
        event.preventDefault()
        return peek.click()
      }
      if (waitsForPage) {
        waitsForPage = false
        return openPage(event.key)
      }
      if (event.key === 'g') {
        waitsForPage = true
        setTimeout(() => {
          waitsForPage = false
        }, 1500)
        return
      }
      const act = letter[event.key]
      if (!act) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

/** Esc closes the menu on top and gives focus back to what opened it. */
function closeTop(): void {
  const menu = document.querySelector('details[data-menu][open]')
  if (!menu) return
  menu.removeAttribute('open')
  menu.querySelector('summary')?.focus()
}

/** Kept in a cookie, so that the server draws the rail as it was left and nothing jumps. */
function foldRail(): void {
  const root = document.documentElement
  const shell = document.querySelector<HTMLElement>('[data-shell]')
  if (!shell) return
  const narrow = shell.dataset.rail !== 'narrow'
  shell.dataset.rail = narrow ? 'narrow' : 'wide'
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `rail=${narrow ? 'narrow' : 'wide'}; path=/; max-age=31536000; samesite=lax`
  root.dispatchEvent(new Event('resize'))
}
