'use client'
import { useState } from 'react'

/** Where a code is typed when it cannot be scanned. The scanner needs no focus; the on-screen keyboard rises only when it is asked for. */
export function ScanField({ label, onCode }: { label: string; onCode: (code: string) => void }) {
  const [value, setValue] = useState('')
  const [keyboard, setKeyboard] = useState(false)
  return (
    <form
      className="st-scan"
      onSubmit={(event) => {
        event.preventDefault()
        if (value.trim() === '') return
        onCode(value.trim())
        setValue('')
      }}
    >
      <label htmlFor="scan" className="sr-only">
        {label}
      </label>
      <input
        id="scan"
        className="st-input st-scan-input"
        placeholder={label}
        inputMode={keyboard ? 'text' : 'none'}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        enterKeyHint="send"
        value={value}
        onChange={(event) => setValue(event.target.value)}
      />
      <button type="submit" className="st-button st-tall st-primary" disabled={value.trim() === ''}>
        Look up
      </button>
      <button
        type="button"
        className="st-button st-tall st-touch"
        aria-pressed={keyboard}
        onClick={() => setKeyboard(!keyboard)}
      >
        Keyboard
      </button>
    </form>
  )
}
