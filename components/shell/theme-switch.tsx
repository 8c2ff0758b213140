'use client'
import { useSyncExternalStore } from 'react'
import { applyTheme, chosenTheme, onTheme, THEMES } from './theme'

export function ThemeSwitch() {
  // The server does not know the choice: it is in this browser.
  const theme = useSyncExternalStore(onTheme, chosenTheme, () => null)
  return (
    <fieldset className="flex rounded border border-line p-0.5">
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          aria-pressed={theme === id}
          className="flex-1 rounded px-2 py-0.5 text-xs text-muted aria-pressed:bg-sel aria-pressed:text-ink"
          onClick={() => applyTheme(id)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}
