/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- the reason stands below */
import type { ReactNode } from 'react'

/** What scrolls sideways must be reachable by keyboard, and say what it is. */
export function ScrollRegion({
  label,
  className = '',
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard could not scroll it (axe: scrollable-region-focusable)
    <section aria-label={label} tabIndex={0} className={`overflow-x-auto ${className}`}>
      {children}
    </section>
  )
}
