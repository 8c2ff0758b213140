'use client'
import { useEffect } from 'react'

/** Takes the focus to a panel that has just come, and lets Escape close it as its own link does. */
export function PanelFocus({ id }: { id: string }) {
  useEffect(() => {
    const panel = document.getElementById(id)
    panel?.focus()
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return
      const link = panel?.querySelector('[data-close-panel]')
      if (link instanceof HTMLElement) link.click()
    }
    document.addEventListener('keydown', close)
    return () => document.removeEventListener('keydown', close)
  }, [id])
  return null
}
