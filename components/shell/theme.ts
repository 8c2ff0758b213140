export const THEMES = [
  { id: 'system', label: 'System' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const
export type Theme = (typeof THEMES)[number]['id']

/** The root layout reads the same key before the first paint. `system` is the absence of a choice. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem('theme')
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem('theme', theme)
    document.documentElement.dataset.theme = theme
  }
  dispatchEvent(new Event(CHANGED))
}

const CHANGED = 'backhaul:theme'

/** Calls back when the theme is chosen anywhere on the page; answers how to stop. */
export const onTheme = (changed: () => void): (() => void) => {
  addEventListener(CHANGED, changed)
  return () => removeEventListener(CHANGED, changed)
}

export const chosenTheme = (): Theme => {
  const stored = localStorage.getItem('theme')
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}
