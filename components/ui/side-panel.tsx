'use client'
import { type ReactNode, useEffect, useRef } from 'react'

/**
 * A layer beside a list, of what the address names. It takes the focus when it comes, Escape follows its own closing link, and the focus goes
 * back to where it was.
 */
export function SidePanel({ label, children }: { label: string; children: ReactNode }) {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const before = document.activeElement
    const own = panel.current
    own?.focus()
    const close = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return
      const link = own?.querySelector('[data-close-panel]')
      if (link instanceof HTMLElement) link.click()
    }
    document.addEventListener('keydown', close)
    return () => {
      document.removeEventListener('keydown', close)
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <aside ref={panel} aria-label={label} tabIndex={-1} className="figure-panel layer z-30">
      {children}
    </aside>
  )
}
