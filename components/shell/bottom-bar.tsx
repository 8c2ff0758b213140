import { Menu, Search } from 'lucide-react'
import { href, type ViewState } from '../filters/view-state'
import { NAV, type PageId } from './nav'

const CELL = 'flex flex-1 flex-col items-center justify-center gap-0.5 text-2xs'

/** On a phone: the two pages most reached for, search and the rest, under the thumb. */
export function BottomBar({
  current,
  state,
  pages: allowed,
}: {
  current: PageId
  state: ViewState
  pages: readonly PageId[]
}) {
  const pages = NAV.flatMap((group) => group.items)
    .filter(({ id }) => allowed.includes(id))
    .slice(0, 2)
  return (
    <nav
      aria-label="Quick"
      className="noprint fixed inset-x-0 bottom-0 z-20 flex h-14 border-t border-line bg-bg pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {pages.map(({ id, label, icon: Icon, href: path }) => (
        <a
          key={id}
          href={href(path, state)}
          aria-current={id === current ? 'page' : undefined}
          className={`${CELL} ${id === current ? 'font-medium text-accent' : 'text-muted'}`}
        >
          <Icon size={20} strokeWidth={1.5} aria-hidden="true" />
          {label}
        </a>
      ))}
      <a href={href('/glossary', state)} data-open="palette" className={`${CELL} text-muted`}>
        <Search size={20} strokeWidth={1.5} aria-hidden="true" />
        Search
      </a>
      <button type="button" popoverTarget="rail" className={`${CELL} text-muted`}>
        <Menu size={20} strokeWidth={1.5} aria-hidden="true" />
        More
      </button>
    </nav>
  )
}
