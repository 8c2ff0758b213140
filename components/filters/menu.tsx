import { ChevronDown, X } from 'lucide-react'
import type { ReactNode } from 'react'

/**
 * A control of the global bar: a native disclosure, so that it opens without scripts; only one is open at a time. When it
 * holds a choice other than the default it can be taken off with one click.
 */
export function Menu({
  label,
  value,
  title,
  clear,
  children,
}: {
  label: string
  value: string
  title?: string | undefined
  clear?: string | undefined
  children: ReactNode
}) {
  return (
    <div className={`menu ${clear ? 'menu-set' : ''}`}>
      <details name="bar" data-menu>
        <summary className="control" title={title}>
          <span className="sr-only">{label}: </span>
          <span className="menu-label" aria-hidden="true">
            {label}
          </span>
          <span className="max-w-56 truncate">{value}</span>
          <ChevronDown size={14} strokeWidth={1.5} aria-hidden="true" className="shrink-0 text-faint" />
        </summary>
        <div className="menu-body layer">{children}</div>
      </details>
      {clear ? (
        <a href={clear} className="menu-clear" aria-label={`Remove ${label.toLowerCase()}: ${value}`}>
          <X size={14} strokeWidth={1.5} aria-hidden="true" />
        </a>
      ) : null}
    </div>
  )
}

/** One of several: links, the chosen one marked. */
export function Choices({ items }: { items: { href: string; label: string; note?: string; chosen: boolean }[] }) {
  return (
    <ul className="p-1">
      {items.map((item) => (
        <li key={item.label}>
          <a
            href={item.href}
            aria-current={item.chosen ? 'true' : undefined}
            className={`block rounded px-2 py-1 text-sm hover:bg-panel ${item.chosen ? 'bg-sel font-medium' : ''}`}
          >
            {item.label}
            {item.note ? <span className="block text-xs font-normal text-muted">{item.note}</span> : null}
          </a>
        </li>
      ))}
    </ul>
  )
}
