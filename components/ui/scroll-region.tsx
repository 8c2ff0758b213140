/* oxlint-disable jsx-a11y/no-noninteractive-tabindex -- the reason stands below */
import type { ReactNode, Ref } from 'react'

/** What scrolls sideways must be reachable by keyboard, and say what it is. `rows`: j and k walk along its rows. */
export function ScrollRegion({
  label,
  className = '',
  rows = false,
  ref,
  children,
}: {
  label: string
  className?: string
  rows?: boolean
  ref?: Ref<HTMLElement>
  children: ReactNode
}) {
  return (
    <section
      ref={ref}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it a keyboard could not scroll it (axe: scrollable-region-focusable)
      tabIndex={0}
      data-rows={rows ? '' : undefined}
      className={`overflow-x-auto ${className}`}
    >
      {children}
    </section>
  )
}
