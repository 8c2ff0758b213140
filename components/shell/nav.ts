import {
  BookOpenText,
  CalendarCheck2,
  ChartNoAxesColumn,
  Fingerprint,
  Gavel,
  HandCoins,
  LayoutDashboard,
  type LucideIcon,
  PackageOpen,
  Rows3,
  Scale,
  ScanLine,
  ScrollText,
  ShieldCheck,
  SlidersHorizontal,
  TriangleAlert,
  Undo2,
} from 'lucide-react'
import type { Permission } from '@/lib/auth/permissions'

export type PageId =
  | 'overview'
  | 'explore'
  | 'rows'
  | 'glossary'
  | 'returns'
  | 'receiving'
  | 'inspection'
  | 'approvals'
  | 'claims'
  | 'exceptions'
  | 'reconciliation'
  | 'journal'
  | 'close'
  | 'controls'
  | 'audit'
  | 'settings'

export interface NavItem {
  id: PageId
  href: string
  label: string
  icon: LucideIcon
  /** What the keys `g` and this letter open. */
  key: string
  /** Who may open it: any of these; nobody in particular when null. The page checks it again where it reads. */
  needs: readonly Permission[] | null
}

/** By job, not by table. An item is here when its page is; a group when it has an item. */
export const NAV: { group: string; items: NavItem[] }[] = [
  {
    group: 'Numbers',
    items: [
      { id: 'overview', href: '/', label: 'Overview', icon: LayoutDashboard, key: 'o', needs: ['metrics:read'] },
      { id: 'explore', href: '/explore', label: 'Explore', icon: ChartNoAxesColumn, key: 'p', needs: ['metrics:read'] },
      { id: 'rows', href: '/rows', label: 'Rows', icon: Rows3, key: 'r', needs: ['rows:read'] },
      { id: 'glossary', href: '/glossary', label: 'Glossary', icon: BookOpenText, key: 'l', needs: null },
    ],
  },
  {
    group: 'Work',
    items: [
      { id: 'returns', href: '/returns', label: 'Returns', icon: Undo2, key: 't', needs: ['cases:read'] },
      {
        id: 'receiving',
        href: '/receiving',
        label: 'Receiving',
        icon: PackageOpen,
        key: 'e',
        needs: ['units:receive'],
      },
      {
        id: 'inspection',
        href: '/inspection',
        label: 'Inspection',
        icon: ScanLine,
        key: 'i',
        needs: ['units:inspect', 'units:dispose'],
      },
      { id: 'approvals', href: '/approvals', label: 'Approvals', icon: Gavel, key: 'a', needs: ['approvals:read'] },
      { id: 'claims', href: '/claims', label: 'Claims', icon: HandCoins, key: 'c', needs: ['claims:read'] },
      {
        id: 'exceptions',
        href: '/exceptions',
        label: 'Exceptions',
        icon: TriangleAlert,
        key: 'x',
        needs: ['exceptions:read'],
      },
    ],
  },
  {
    group: 'Books',
    items: [
      {
        id: 'reconciliation',
        href: '/reconciliation',
        label: 'Reconciliation',
        icon: Scale,
        key: 'n',
        needs: ['journal:read'],
      },
      { id: 'journal', href: '/journal', label: 'Journal', icon: ScrollText, key: 'j', needs: ['journal:read'] },
      { id: 'close', href: '/close', label: 'Close', icon: CalendarCheck2, key: 'k', needs: ['journal:read'] },
      { id: 'controls', href: '/controls', label: 'Controls', icon: ShieldCheck, key: 'q', needs: ['controls:read'] },
      { id: 'audit', href: '/audit', label: 'Audit', icon: Fingerprint, key: 'u', needs: ['audit:read'] },
    ],
  },
  {
    group: 'Rules',
    items: [
      {
        id: 'settings',
        href: '/settings',
        label: 'Settings',
        icon: SlidersHorizontal,
        key: 's',
        needs: ['controls:read', 'users:manage', 'evidence:hold'],
      },
    ],
  },
]

export const NAV_ITEMS: readonly NavItem[] = NAV.flatMap(({ items }) => items)
