import { BookOpenText, LayoutDashboard, type LucideIcon, Rows3 } from 'lucide-react'

export type PageId = 'overview' | 'rows' | 'glossary'

export interface NavItem {
  id: PageId
  href: string
  label: string
  icon: LucideIcon
  /** What the keys `g` and this letter open. */
  key: string
}

/** By job, not by table. An item is here when its page is; a group when it has an item. */
export const NAV: { group: string; items: NavItem[] }[] = [
  {
    group: 'Numbers',
    items: [
      { id: 'overview', href: '/', label: 'Overview', icon: LayoutDashboard, key: 'o' },
      { id: 'rows', href: '/rows', label: 'Rows', icon: Rows3, key: 'r' },
      { id: 'glossary', href: '/glossary', label: 'Glossary', icon: BookOpenText, key: 'l' },
    ],
  },
]
