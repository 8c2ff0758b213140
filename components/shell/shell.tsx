import { Menu, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { FilterBar, type FilterBarProps } from '../filters/filter-bar'
import { UnreadNotice } from '../filters/unread-notice'
import { href, type ViewState } from '../filters/view-state'
import { BottomBar } from './bottom-bar'
import { EndedTasks } from './ended-tasks'
import { FreshnessChip } from './freshness-chip'
import type { PageId } from './nav'
import type { FreshnessNews } from './news'
import { Rail } from './rail'
import { UserMenu, type Viewer } from './user-menu'

export interface ShellProps {
  current: PageId
  state: ViewState
  viewer: Viewer
  signOut: ReactNode
  /** Pages that the reader may open. */
  pages: readonly PageId[]
  /** Null for whoever may not see figures. */
  news: FreshnessNews | null
  /** As the reader left it. */
  rail: 'wide' | 'narrow'
  /** Without one, the page has no global bar (a glossary is the same in every period). */
  filters: FilterBarProps | null
  children: ReactNode
}

/** The frame of every page: rail, global bar, content; on a phone a bar below. Whole without scripts. */
export function Shell({ current, state, viewer, signOut, pages, news, rail, filters, children }: ShellProps) {
  return (
    <div className="shell" data-shell data-rail={rail} data-from={state.from} data-to={state.to}>
      <a href="#main" className="skip">
        Skip to content
      </a>
      <Rail current={current} state={state} pages={pages} />
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="bar noprint">
          <button type="button" popoverTarget="rail" className="control px-1.5 max-sm:hidden lg:hidden">
            <Menu size={16} strokeWidth={1.5} aria-hidden="true" />
            <span className="sr-only">Open navigation</span>
          </button>
          {filters ? <FilterBar {...filters} /> : null}
          <div className="ml-auto flex h-7 shrink-0 items-center gap-2">
            {news ? <FreshnessChip initial={news} tz={state.tz} /> : null}
            <a
              href={href('/glossary', state)}
              data-open="palette"
              className="control px-1.5 text-muted max-sm:hidden"
              aria-label="Search"
              title="Search (⌘K)"
            >
              <Search size={16} strokeWidth={1.5} aria-hidden="true" />
            </a>
            <UserMenu viewer={viewer} signOut={signOut} />
          </div>
        </header>
        <main id="main" tabIndex={-1} className="page">
          <UnreadNotice unread={state.unread} />
          {children}
        </main>
      </div>
      {news ? <EndedTasks /> : null}
      <BottomBar current={current} state={state} pages={pages} />
    </div>
  )
}
