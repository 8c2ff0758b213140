import { CircleUserRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { ThemeSwitch } from './theme-switch'

export interface Viewer {
  name: string
  email: string
  /** In words, for the menu: "Executive". */
  role: string
}

export function UserMenu({ viewer, signOut }: { viewer: Viewer; signOut: ReactNode }) {
  return (
    <div className="menu menu-right">
      <details name="bar" data-menu>
        <summary className="control border-transparent px-1.5" aria-label={`Account: ${viewer.name}`}>
          <CircleUserRound size={18} strokeWidth={1.5} aria-hidden="true" className="text-muted" />
        </summary>
        <div className="menu-body layer w-60 p-3">
          <p className="font-medium">{viewer.name}</p>
          <p className="truncate text-xs text-muted">{viewer.email}</p>
          <p className="mb-3 text-xs text-muted">{viewer.role}</p>
          <ThemeSwitch />
          <button type="button" data-open="keys" className="control mt-3 w-full justify-between">
            Keys <span className="key">?</span>
          </button>
          <div className="mt-1">{signOut}</div>
        </div>
      </details>
    </div>
  )
}
