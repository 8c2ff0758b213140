import type { CloseView } from './close-view'

const TONES = { warn: 'bg-warn', plain: 'bg-field', better: 'bg-better' } as const

/** The periods of an entity, latest first, with how far each is. */
export function PeriodList({ periods }: { periods: CloseView['periods'] }) {
  return (
    <nav aria-label="Periods" className="noprint max-lg:-mx-1 max-lg:overflow-x-auto">
      <ul className="flex gap-1 lg:flex-col">
        {periods.map((each) => (
          <li key={each.period} className="shrink-0">
            <a
              href={each.href}
              aria-current={each.current ? 'page' : undefined}
              className={`block rounded px-2 py-1 text-sm hover:bg-panel ${each.current ? 'bg-sel' : ''}`}
            >
              <span className="flex items-center justify-between gap-3">
                {each.label}
                <span className="inline-flex items-center gap-1.5 text-xs text-muted">
                  <i className={`mark size-1.5 rounded-full ${TONES[each.tone]}`} aria-hidden="true" />
                  {each.state}
                </span>
              </span>
              <span className="block text-2xs text-muted">{each.note}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
