import { href, type ViewState } from '../filters/view-state'
import { Mark } from '../ui/mark'
import { NAV, type PageId } from './nav'

/**
 * The way between pages; links keep the view. A column where there is room, and the very same element as a layer over the
 * page where there is not (a native popover: no script opens it).
 */
export function Rail({
  current,
  state,
  pages,
}: {
  current: PageId
  state: ViewState
  /** What the reader may open; the rest is not shown. */
  pages: readonly PageId[]
}) {
  const groups = NAV.map(({ group, items }) => ({ group, items: items.filter(({ id }) => pages.includes(id)) })).filter(
    ({ items }) => items.length > 0,
  )
  return (
    <nav id="rail" aria-label="Main" popover="auto" className="rail noprint">
      <a href={href('/', state)} className="rail-brand">
        <Mark />
        <span className="rail-word">Backhaul</span>
      </a>
      {groups.map(({ group, items }) => (
        <div key={group} className="mb-4">
          <p className="rail-word px-2 pb-1 text-2xs font-medium text-faint">{group}</p>
          <ul>
            {items.map(({ id, label, icon: Icon, href: path }) => (
              <li key={id}>
                <a
                  href={href(path, state)}
                  aria-current={id === current ? 'page' : undefined}
                  title={label}
                  className={`rail-link ${id === current ? 'bg-sel font-medium text-ink' : 'text-muted hover:bg-panel hover:text-ink'}`}
                >
                  <Icon size={16} strokeWidth={1.5} aria-hidden="true" className="shrink-0" />
                  <span className="rail-word">{label}</span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className="rail-word mt-auto px-2 text-2xs text-faint max-lg:hidden">
        <span className="key">⌘K</span> search <span className="key ml-2">?</span> keys
      </div>
    </nav>
  )
}
