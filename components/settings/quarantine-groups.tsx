import { humanize } from '@/lib/format'
import type { QuarantineGroup } from '@/lib/workflow/read/quarantine-types'
import { ScrollRegion } from '../ui/scroll-region'

/** What waits with one reason from one source, as the page words it. */
export interface ShownGroup extends QuarantineGroup {
  readonly href: string
  readonly count: string
  readonly since: string
  readonly latest: string
}

/** Refused input by reason and source, most first; each leads to its rows. */
export function QuarantineGroups({ groups }: { groups: readonly ShownGroup[] }) {
  return (
    <ScrollRegion label="Refused input by reason" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {['Reason', 'Source', 'Waiting', 'Since', 'Latest'].map((head, index) => (
              <th key={head} scope="col" className={`cell-head ${index === 2 ? 'text-right' : 'text-left'}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={`${group.reason} ${group.source}`} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-normal">
                <a className="link" href={group.href}>
                  {humanize(group.reason)}
                </a>
              </th>
              <td className="cell text-left">{group.source || <span className="text-muted">Unreadable</span>}</td>
              <td className="cell text-right">{group.count}</td>
              <td className="cell text-left text-muted">{group.since}</td>
              <td className="cell text-left text-muted">{group.latest}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
