import type { ReactNode } from 'react'
import { NAV } from '@/components/shell/nav'
import { ShellLive } from '@/components/shell/shell-live'

const PAGES = NAV.flatMap((group) => group.items).map(({ label, href, key }) => ({ label, href, key }))

/** What lives on between pages. The frame itself is drawn by each page: its links carry the page's view. */
export default function AppLayout({ children }: { children: ReactNode }) {
  return <ShellLive pages={PAGES}>{children}</ShellLive>
}
