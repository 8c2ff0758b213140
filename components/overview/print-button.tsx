'use client'

/** Opens the browser's print dialog; without scripts its own menu does. */
export function PrintButton() {
  return (
    <button type="button" className="control primary" onClick={() => print()}>
      Print or save as PDF
    </button>
  )
}
