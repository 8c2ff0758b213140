import type { BoardView } from './claims-view'

/** Where the money stands, from eligible to recovered; each stage is a link to its claims. */
export function StageBar({ view }: { view: BoardView }) {
  return (
    <nav aria-label="Stages" className="mb-4 border-y border-line">
      <ol className="grid grid-cols-2 sm:grid-cols-4 xl:grid-cols-7">
        {view.stages.map((stage) => (
          <li key={stage.id} className="tile">
            <div className="text-xs text-muted">{stage.label}</div>
            <a className="tile-link" href={stage.href} aria-current={stage.id === view.stage ? 'page' : undefined}>
              {stage.value}
            </a>
            <div className="num text-xs text-muted">{stage.count}</div>
            {stage.id === view.stage ? (
              <i className="mark absolute inset-x-0 bottom-0 h-0.5 bg-accent" aria-hidden="true" />
            ) : null}
          </li>
        ))}
      </ol>
    </nav>
  )
}
