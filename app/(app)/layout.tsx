import type { ReactNode } from 'react'
import { NAV_ITEMS } from '@/components/shell/nav'
import { ShellLive } from '@/components/shell/shell-live'
import { can } from '@/lib/auth/actor'
import { currentActor } from '@/lib/auth/session'

/** What lives on between pages. The frame itself is drawn by each page: its links carry the page's view. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  // Only what the person may open: a key or a line of the palette never leads to a page that is not there for them.
  const actor = await currentActor({ passive: true })
  const pages = NAV_ITEMS.filter(({ needs }) => needs === null || (actor && needs.some((each) => can(actor, each))))
  return <ShellLive pages={pages.map(({ label, href, key }) => ({ label, href, key }))}>{children}</ShellLive>
}
