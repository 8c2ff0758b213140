'use client'
import { Command } from 'cmdk'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { applyTheme, THEMES } from './theme'

export interface PaletteProps {
  pages: { label: string; href: string; key: string }[]
  go: (target: string) => void
  onClose: () => void
}

interface Entry {
  label: string
  href: string
  hint: string
  /** What was typed is its id. */
  exact?: boolean
}

/** How long is waited for more letters. */
const PAUSE_MS = 90

/**
 * Pages, figures, themes, and anything pasted: an RMA, an order, a unit, a SKU, a serial, a tracking number, a claim or a settlement goes
 * straight to its page with Enter, also when Enter comes before the answer. Figures and finds come from the server as one types; the list
 * below them is the page's own.
 */
export function Palette({ pages, go, onClose }: PaletteProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [query, setQuery] = useState('')
  const [found, setFound] = useState<Entry[]>([])
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector('input')?.focus()
  }, [])
  // Whose answer is shown, and what Enter was pressed on before its answer came.
  const [answered, setAnswered] = useState('')
  const hurried = useRef<string | null>(null)
  const arrive = useEffectEvent((entries: Entry[]) => {
    setFound(entries)
    setAnswered(query)
    const [first] = entries
    if (hurried.current === query && first?.exact) {
      dialog.current?.close()
      go(first.href)
    }
    hurried.current = null
  })
  useEffect(() => {
    const abort = new AbortController()
    const view = new URLSearchParams(location.search)
    view.set('q', query)
    const timer = setTimeout(() => {
      fetch(`/search?${view}`, { signal: abort.signal })
        .then((response) => (response.ok ? response.json() : []))
        .then((entries: Entry[]) => arrive(entries))
        .catch(() => {
          // A newer letter was typed, or the server is away: the pages below still work.
        })
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [query])
  const choose = (act: () => void) => () => {
    dialog.current?.close()
    act()
  }
  return (
    <dialog ref={dialog} onClose={onClose} className="layer palette" aria-label="Search">
      <Command
        label="Search"
        shouldFilter={false}
        loop
        onKeyDown={(event) => {
          // An id matches no page: whoever pastes one and presses Enter at once means what the server is still looking for.
          if (event.key !== 'Enter' || answered === query || pages.some((page) => matches(page.label, query))) return
          event.preventDefault()
          hurried.current = query
        }}
      >
        <Command.Input
          value={query}
          onValueChange={setQuery}
          placeholder="A page or a figure, or paste an RMA, order, unit, SKU, serial, tracking number or claim"
          className="h-11 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <Command.List className="max-h-96 overflow-y-auto p-1">
          <Command.Empty className="px-3 py-2 text-sm text-muted">Nothing by that name</Command.Empty>
          {found.length > 0 ? (
            <Command.Group heading="Found">
              {found.map((entry) => (
                <Item
                  key={entry.href}
                  value={entry.href}
                  label={entry.label}
                  hint={entry.hint}
                  onSelect={choose(() => go(entry.href))}
                />
              ))}
            </Command.Group>
          ) : null}
          <Command.Group heading="Go to">
            {pages
              .filter((page) => matches(page.label, query))
              .map((page) => (
                <Item
                  key={page.href}
                  value={`page ${page.href}`}
                  label={page.label}
                  hint={`g ${page.key}`}
                  onSelect={choose(() => go(page.href + location.search))}
                />
              ))}
          </Command.Group>
          <Command.Group heading="Do">
            {THEMES.filter((theme) => matches(`${theme.label} theme`, query)).map((theme) => (
              <Item
                key={theme.id}
                value={`theme ${theme.id}`}
                label={`${theme.label} theme`}
                hint=""
                onSelect={choose(() => applyTheme(theme.id))}
              />
            ))}
            {matches('Copy link with fixed dates', query) ? (
              <Item value="copy" label="Copy link with fixed dates" hint="" onSelect={choose(copyFixedLink)} />
            ) : null}
          </Command.Group>
        </Command.List>
      </Command>
    </dialog>
  )
}

const matches = (text: string, query: string): boolean => text.toLowerCase().includes(query.trim().toLowerCase())

function Item(props: { value: string; label: string; hint: string; onSelect: () => void }) {
  return (
    <Command.Item
      value={props.value}
      onSelect={props.onSelect}
      className="flex cursor-pointer items-center justify-between gap-4 rounded px-3 py-1.5 text-sm data-[selected=true]:bg-sel"
    >
      <span className="truncate">{props.label}</span>
      <span className="shrink-0 text-xs text-muted">{props.hint}</span>
    </Command.Item>
  )
}

/** A rolling period would show the receiver other days: a copied link says the dates. */
function copyFixedLink(): void {
  const url = new URL(location.href)
  const shell = document.querySelector<HTMLElement>('[data-shell]')
  if (shell?.dataset.from && shell.dataset.to) {
    url.searchParams.delete('period')
    url.searchParams.set('from', shell.dataset.from)
    url.searchParams.set('to', shell.dataset.to)
  }
  void navigator.clipboard.writeText(url.href)
}
