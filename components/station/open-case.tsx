'use client'
import type { StationUnit } from '@/lib/workflow/read/station-types'
import type { OpenCase } from './entry'

/** Units of a return that can be received now, in the order of their number keys. */
export const receivable = (openCase: OpenCase | null): readonly StationUnit[] =>
  openCase?.units.filter(({ receive }) => receive === null) ?? []

/** The open return: what is expected, what is here. */
export function OpenReturn({ openCase, onReceive }: { openCase: OpenCase; onReceive: (unit: StationUnit) => void }) {
  const open = receivable(openCase)
  const here = openCase.units.filter(({ received }) => received !== null)
  return (
    <section className="st-case" aria-label={`Return ${openCase.rmaId}`}>
      <h2 className="st-case-head">
        {openCase.rmaId}
        <span className="st-muted">
          {' '}
          expected <b className="num">{openCase.units.length}</b>, here <b className="num">{here.length}</b>
        </span>
      </h2>
      <ul className="st-units">
        {openCase.units.map((unit) => {
          const key = open.indexOf(unit) + 1
          return (
            <li key={unit.id} className="st-unit" data-here={unit.received !== null}>
              <span className="st-dot" aria-hidden="true">
                {unit.received !== null ? '✓' : '○'}
              </span>
              <span className="min-w-0 flex-1">
                <span className="block truncate">
                  {unit.quantity > 1 ? `${unit.quantity} × ` : ''}
                  {unit.name}
                  {unit.size ? `, ${unit.size}` : ''}
                </span>
                <span className="st-muted block truncate">
                  {unit.sku}, {stateOf(unit)}
                  {unit.restricted ? `. ${unit.restricted}` : ''}
                </span>
              </span>
              {key > 0 ? (
                <button type="button" className="st-button" onClick={() => onReceive(unit)}>
                  {key < 10 ? <kbd className="st-key">{key}</kbd> : null} Receive
                </button>
              ) : null}
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function stateOf(unit: StationUnit): string {
  if (unit.received !== null) return `received ${unit.received}`
  if (unit.receive !== null) return unit.status.replaceAll('_', ' ')
  return unit.late ? 'late' : 'not here yet'
}
