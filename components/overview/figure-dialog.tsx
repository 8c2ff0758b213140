'use client'
import { Info } from 'lucide-react'

/** A number, opened: all in words and links, made on the server. */
export interface OpenedFigure {
  id: string
  label: string
  sentence: string
  formula: string
  facts: { name: string; text: string }[]
  links: { rows: string | null; csv: string | null; query: string; glossary: string }
}

/**
 * The small "i" and what it opens. A native popover: no script opens it, Esc and a click beside it close it, and the focus
 * goes back by itself.
 */
export function FigureDialog({ opened }: { opened: OpenedFigure }) {
  const { id, label, sentence, formula, facts, links } = opened
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        className="noprint relative z-10 -my-1 -mr-1 grid size-6 place-items-center rounded text-faint hover:text-ink"
        aria-label={`About ${label}`}
      >
        <Info size={14} strokeWidth={1.5} aria-hidden="true" />
      </button>
      <dialog id={id} popover="auto" aria-labelledby={`${id}-title`} className="figure-panel layer">
        <div className="flex items-start justify-between gap-4">
          <h3 id={`${id}-title`} className="text-md">
            {label}
          </h3>
          <button type="button" className="control" popoverTarget={id} popoverTargetAction="hide">
            Close
          </button>
        </div>
        <p className="mt-1 text-sm">{sentence}</p>
        <p className="mt-1 text-xs text-muted">{formula}</p>
        <dl className="my-3 grid grid-cols-[7rem_1fr] gap-y-1 border-y border-line py-3 text-sm">
          {facts.map(({ name, text }) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="break-words tabular-nums">{text}</dd>
            </div>
          ))}
        </dl>
        <p className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
          {links.rows ? (
            <a className="link" href={links.rows}>
              Rows behind it
            </a>
          ) : null}
          {links.csv ? (
            <a className="link" href={links.csv} download>
              As CSV
            </a>
          ) : null}
          <a className="link" href={links.query} target="_blank" rel="noreferrer">
            As a query
          </a>
          <a className="link" href={links.glossary}>
            In the glossary
          </a>
        </p>
      </dialog>
    </>
  )
}
