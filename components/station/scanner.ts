'use client'
import { useEffect, useEffectEvent } from 'react'
import { flushSync } from 'react-dom'
import { BurstReader } from '@/lib/scan/burst'

type Field = HTMLInputElement | HTMLTextAreaElement

const fieldOf = (target: EventTarget | null): Field | null =>
  (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'file'].includes(target.type)) ||
  target instanceof HTMLTextAreaElement
    ? target
    : null

/** A held key is given to the page after this: longer than between two keys of a scanner, shorter than a person notices. Milliseconds. */
const PATIENCE = 90

/** Keys that have arrived and wait behind a busy page: they decide, not the clock. */
const keysWait = (): boolean =>
  (navigator as { scheduling?: { isInputPending?: () => boolean } }).scheduling?.isInputPending?.() === true

/** Puts held keys where they were typed, as the browser would have. */
function typeInto(field: Field, keys: readonly string[]): void {
  const text = keys.join('')
  field.setRangeText(text, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, 'end')
  field.dispatchEvent(new InputEvent('input', { bubbles: true, data: text, inputType: 'insertText' }))
}

/** FNC1 as a keyboard sends it: Ctrl and ], which is the control character 29. */
const isSeparator = (event: KeyboardEvent): boolean =>
  event.ctrlKey && (event.key === ']' || event.code === 'BracketRight')

/**
 * Listens to the scanner wherever the focus is, before anything else on the page: no key of a scan reaches a button, a field or a shortcut. A
 * person's keys come through: into the field that has the focus, else to `onKey` as shortcuts (unless letter keys are turned off).
 */
export function useScanner(handlers: { onScan: (code: string) => void; onKey: (key: string) => boolean }): void {
  const scanned = useEffectEvent(handlers.onScan)
  const pressed = useEffectEvent(handlers.onKey)
  useEffect(() => {
    const reader = new BurstReader()
    let timer: ReturnType<typeof setTimeout> | undefined
    const give = (keys: readonly string[]) => {
      if (keys.length === 0) return
      const field = fieldOf(document.activeElement)
      if (field) typeInto(field, keys)
      else if (!(document.activeElement instanceof HTMLSelectElement) && localStorage.getItem('keys') !== 'off')
        // One after the other, each seen by the next: quick fingers press the last key before the page has drawn the one before.
        for (const key of keys) flushSync(() => void pressed(key))
    }
    const idle = () => {
      if (keysWait()) timer = setTimeout(idle, PATIENCE)
      else give(reader.idle(Number.POSITIVE_INFINITY))
    }
    const listen = (event: KeyboardEvent) => {
      const separator = isSeparator(event)
      if (event.isComposing || event.altKey || event.metaKey || (event.ctrlKey && !separator)) return
      // A dialog that asks for a number is typed into, and scanned over, like anything else.
      const { hold, scan, release } = reader.key(separator ? '\u001d' : event.key, event.timeStamp)
      give(release)
      if (hold) {
        event.preventDefault()
        event.stopImmediatePropagation()
      }
      clearTimeout(timer)
      if (reader.holding) timer = setTimeout(idle, PATIENCE)
      if (scan !== undefined) scanned(scan)
      // Enter presses what has the focus; where nothing has, it is the station's own key.
      else if (!hold && event.key === 'Enter' && document.activeElement === document.body) pressed('Enter')
    }
    addEventListener('keydown', listen, true)
    return () => {
      removeEventListener('keydown', listen, true)
      clearTimeout(timer)
    }
  }, [])
}
