'use client'
import { useEffect, useRef, useState } from 'react'
import { lettersOff } from './keys'

export interface KeyListProps {
  /** Those that the person may open. */
  pages: { label: string; key: string }[]
  onClose: () => void
}

interface Key {
  keys: string[]
  does: string
}

const keysOf = (pages: { label: string; key: string }[]): Key[] => [
  { keys: ['⌘', 'K'], does: 'Search pages and figures, or paste an id' },
  { keys: ['/'], does: 'The same' },
  ...pages.map(({ key, label }) => ({ keys: ['g', key], does: `Go to ${label}` })),
  { keys: ['j', 'k'], does: 'Next and previous row' },
  { keys: ['Enter'], does: 'Open the row' },
  { keys: ['Space'], does: 'Look into the row without leaving the list' },
  { keys: ['x'], does: 'Pick the row' },
  { keys: ['←', '→'], does: 'Along a chart that has focus' },
  { keys: ['t'], does: 'Chart or table' },
  { keys: ['e'], does: 'Export this table as CSV' },
  { keys: ['['], does: 'Fold the navigation' },
  { keys: ['Esc'], does: 'Close what lies on top' },
]

/** The keys of this page, and the switch that turns letters off. */
export function KeyList({ pages, onClose }: KeyListProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [off, setOff] = useState(lettersOff)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      className="layer m-auto w-96 max-w-[calc(100vw-2rem)] p-4"
      aria-labelledby="keys-title"
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 id="keys-title" className="text-md">
          Keys
        </h2>
        <button type="button" className="control" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 text-sm">
        {keysOf(pages).map((entry) => (
          <div key={entry.keys.join()} className="contents">
            <dt className="flex gap-1">
              {entry.keys.map((key) => (
                <kbd key={key} className="key font-sans">
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{entry.does}</dd>
          </div>
        ))}
      </dl>
      <label className="mt-4 flex items-center gap-2 border-t border-line pt-3 text-sm">
        <input
          type="checkbox"
          checked={!off}
          onChange={(event) => {
            localStorage.setItem('keys', event.target.checked ? 'on' : 'off')
            setOff(!event.target.checked)
          }}
          className="size-3.5 accent-accent"
        />
        Single letters act as keys
      </label>
    </dialog>
  )
}
