import type { SourceLine } from '@/lib/workflow/read/sources-types'
import { ScrollRegion } from '../ui/scroll-region'

/** A source as the page words it. */
export interface ShownSource extends SourceLine {
  readonly name: string
  readonly last: string
  readonly count: string
  readonly lag: string
  readonly refusedHref: string
  readonly refusedWords: string
  readonly conflictsHref: string
  readonly conflictsWords: string
}

/** Every outside system: whether it still speaks, how much, how late, and what of it could not be taken. */
export function SourceTable({ sources }: { sources: readonly ShownSource[] }) {
  return (
    <ScrollRegion label="Sources" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {['Source', 'Last event', 'In 24 hours', 'Usual delay', 'Refused', 'Conflicts'].map((head, index) => (
              <th key={head} scope="col" className={`cell-head ${index > 1 ? 'text-right' : 'text-left'}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sources.map((each) => (
            <tr key={each.source} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-normal">
                {each.name}
              </th>
              <td className="cell text-left">
                {each.last}
                {each.silent ? (
                  <span className="ml-2 inline-flex items-center gap-1.5 text-worse">
                    <i className="mark size-1.5 rounded-full bg-worse" aria-hidden="true" />
                    Silent for more than a day
                  </span>
                ) : null}
              </td>
              <td className="cell text-right">{each.count}</td>
              <td className="cell text-right">{each.lag}</td>
              <Waiting href={each.refusedHref} n={each.refused} words={each.refusedWords} />
              <Waiting href={each.conflictsHref} n={each.conflicts} words={each.conflictsWords} />
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

const Waiting = ({ href, n, words }: { href: string; n: number; words: string }) => (
  <td className="cell text-right">
    {n > 0 ? (
      <a className="link" href={href}>
        {words}
      </a>
    ) : (
      <span className="text-muted">{words}</span>
    )}
  </td>
)
