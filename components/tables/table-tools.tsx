'use client'
import { Columns3, Download, Rows2 } from 'lucide-react'
import { type Column, DENSITIES, type Density } from './table-types'

const DENSITY_LABELS: Record<Density, string> = { compact: 'Compact', regular: 'Regular', relaxed: 'Relaxed' }

/** Kept in a cookie, so that the server draws the next table as this one was left. */
function remember(density: Density): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `density=${density}; path=/; max-age=31536000; samesite=lax`
}

export function TableTools(props: {
  columns: (Column & { shown: boolean })[]
  onColumn: (id: string) => void
  density: Density
  onDensity: (density: Density) => void
  csv: string | undefined
  announce: string
}) {
  const next = DENSITIES[(DENSITIES.indexOf(props.density) + 1) % DENSITIES.length] ?? 'regular'
  return (
    <div className="table-tools noprint">
      <output aria-live="polite" className="sr-only">
        {props.announce}
      </output>
      <button
        type="button"
        className="control border-transparent px-1.5 text-muted"
        title={`Rows: ${DENSITY_LABELS[props.density].toLowerCase()}`}
        onClick={() => {
          remember(next)
          props.onDensity(next)
        }}
      >
        <Rows2 size={16} strokeWidth={1.5} aria-hidden="true" />
        {DENSITY_LABELS[props.density]}
      </button>
      <div className="menu menu-right">
        <details data-menu>
          <summary className="control border-transparent px-1.5 text-muted">
            <Columns3 size={16} strokeWidth={1.5} aria-hidden="true" />
            Columns
          </summary>
          <fieldset className="menu-body layer p-1">
            <legend className="sr-only">Columns</legend>
            {props.columns.map((column) => (
              <label key={column.id} className="flex items-center gap-2 rounded px-2 py-1 text-sm hover:bg-panel">
                <input
                  type="checkbox"
                  className="size-3.5 accent-accent"
                  checked={column.shown}
                  disabled={column.sticky}
                  onChange={() => props.onColumn(column.id)}
                />
                {column.label}
              </label>
            ))}
          </fieldset>
        </details>
      </div>
      {props.csv ? (
        <a href={props.csv} download data-csv className="control border-transparent px-1.5 text-muted">
          <Download size={16} strokeWidth={1.5} aria-hidden="true" />
          CSV
        </a>
      ) : null}
    </div>
  )
}
