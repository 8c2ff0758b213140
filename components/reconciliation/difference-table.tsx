import { ScrollRegion } from '../ui/scroll-region'
import type { DifferenceRow, ReconciliationPageView } from './reconciliation-view'

/** What does not agree: how much, since when, what it most likely comes from, and who has it. */
export function DifferenceTable({ view }: { view: ReconciliationPageView }) {
  if (view.differences.length === 0) return null
  return (
    <>
      <ScrollRegion label="Differences" rows className="table-box">
        <table className="w-full border-separate border-spacing-0 text-sm">
          <thead>
            <tr>
              <th scope="col" className="cell-head cell-sticky text-left">
                Difference
              </th>
              <th scope="col" className="cell-head text-left max-sm:hidden">
                Where
              </th>
              <th scope="col" className="cell-head text-right max-sm:hidden">
                {view.columns[0]}
              </th>
              <th scope="col" className="cell-head text-right max-sm:hidden">
                {view.columns[1]}
              </th>
              <th scope="col" className="cell-head text-right">
                By
              </th>
              <th scope="col" className="cell-head text-left max-sm:hidden">
                Since
              </th>
              <th scope="col" className="cell-head text-left">
                State
              </th>
              <th scope="col" className="cell-head text-left max-sm:hidden">
                Most likely
              </th>
            </tr>
          </thead>
          <tbody>
            {view.differences.map((row) => (
              <Line key={row.key} row={row} />
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {view.more ? <p className="pt-1 text-sm text-muted">{view.more}</p> : null}
    </>
  )
}

function Line({ row }: { row: DifferenceRow }) {
  return (
    <tr tabIndex={-1} className={`row ${row.settled ? 'text-muted' : ''}`}>
      <th scope="row" className="cell cell-sticky h-auto py-1 text-left font-normal">
        <a className="link block max-w-64 truncate max-sm:max-w-44" href={row.href} title={row.title}>
          {row.title}
        </a>
        <span className="block max-w-64 truncate text-2xs text-muted max-sm:max-w-44">{row.kind}</span>
      </th>
      <td className="cell text-left max-sm:hidden">{row.place}</td>
      <td className="cell text-right max-sm:hidden">{row.ours}</td>
      <td className="cell text-right max-sm:hidden">{row.theirs}</td>
      <td className="cell text-right font-medium">
        {row.difference} <span className="font-normal text-muted">{row.unit}</span>
      </td>
      <td className="cell text-left text-muted max-sm:hidden">{row.age}</td>
      <td className="cell text-left">
        <State row={row} />
      </td>
      <td className="cell text-left text-muted max-sm:hidden">
        <span className="inline-block max-w-[26rem] truncate align-bottom" title={row.guess}>
          {row.guess}
        </span>
      </td>
    </tr>
  )
}

function State({ row }: { row: DifferenceRow }) {
  const mark = row.settled ? 'bg-better' : row.state === 'Open' ? 'bg-warn' : 'bg-field'
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap" title={row.stateNote || undefined}>
      <i className={`mark size-1.5 shrink-0 rounded-full ${mark}`} aria-hidden="true" />
      {row.state}
      {row.owner ? <span className="text-muted">{row.owner}</span> : null}
    </span>
  )
}
