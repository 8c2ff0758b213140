import { AlertTriangle, FilterX, Inbox, LockKeyhole } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Panel as PanelState } from '@/lib/metrics/overview-types'

/** A section of a page: a heading, a line of explanation, tools at the right. Hairlines and space, no boxes. */
export function Section({
  id,
  title,
  lead,
  tools,
  children,
}: {
  id: string
  title: string
  lead?: ReactNode
  tools?: ReactNode
  children: ReactNode
}) {
  return (
    <section aria-labelledby={id} className="min-w-0">
      <div className="mb-2 flex min-h-7 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id={id} className="text-md">
          {title}
        </h2>
        {tools}
      </div>
      {lead}
      {children}
    </section>
  )
}

export interface PanelLinks {
  /** This page again: the way to retry. */
  retry: string
  /** The page without filters. */
  clear: string
}

/**
 * A panel that has nothing to show says which of four things is so and what to do: nothing yet, nothing here, not for you,
 * or broken. It keeps the panel's height, so that the rest of the page stays where it was.
 */
export function PanelMessage({
  panel,
  links,
  height,
  small = false,
}: {
  panel: Exclude<PanelState<never>, { state: 'ok' }>
  links: PanelLinks
  height?: number
  small?: boolean
}) {
  const { icon: Icon, title, text, action } = wording(panel, links)
  return (
    <div
      role={panel.state === 'error' ? 'alert' : undefined}
      className={`flex flex-col gap-1 ${small ? 'mt-1' : 'border-y border-line px-4 py-6'}`}
      style={height ? { minHeight: height } : undefined}
    >
      <p className="flex items-center gap-2 font-medium">
        <Icon size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-muted" />
        {title}
      </p>
      <p className="max-w-[76ch] text-xs text-muted">
        {text}{' '}
        {action ? (
          <a className="link whitespace-nowrap" href={action.href}>
            {action.label}
          </a>
        ) : null}
      </p>
    </div>
  )
}

function wording(panel: Exclude<PanelState<never>, { state: 'ok' }>, links: PanelLinks) {
  switch (panel.state) {
    case 'first_use':
      return {
        icon: Inbox,
        title: 'No sales or returns yet',
        text: 'Send events to the ingest service, or import a file with npm run import. The first figures appear within seconds.',
        action: { href: '/glossary', label: 'What will be counted' },
      }
    case 'no_match':
      return {
        icon: FilterX,
        title: 'Nothing matches',
        text:
          panel.filters.length > 0
            ? `There are returns, but none in this period with the filter on ${panel.filters.join(', ')}.`
            : 'There are returns, but none in this period with these filters.',
        action: { href: links.clear, label: 'Clear the filters' },
      }
    case 'forbidden':
      return {
        icon: LockKeyhole,
        title: 'Not open to your role',
        text: panel.message ?? `It needs the permission ${panel.permission}. A user administrator can grant it.`,
        action: null,
      }
    case 'error':
      return {
        icon: AlertTriangle,
        title: 'This part could not be read',
        text: `${panel.message}${panel.requestId ? ` (request ${panel.requestId})` : ''} The rest of the page is right.`,
        action: { href: links.retry, label: 'Try again' },
      }
  }
}
