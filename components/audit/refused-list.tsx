import { humanize } from '@/lib/format'
import type { RefusedLine } from '@/lib/workflow/read/audit-types'
import { ScrollRegion } from '../ui/scroll-region'

/** What somebody tried and a control did not let through. */
export function RefusedList({ lines }: { lines: readonly RefusedLine[] }) {
  if (lines.length === 0)
    return <p className="border-y border-line py-10 text-center text-sm text-muted">Nothing has been refused yet.</p>
  return (
    <ScrollRegion label="Refused" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {['When', 'Who', 'Tried', 'Refused by', 'What it said'].map((label) => (
              <th key={label} scope="col" className="cell-head text-left">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id} className="row" tabIndex={-1}>
              <td className="cell text-left whitespace-nowrap text-muted">{line.at}</td>
              <th scope="row" className="cell text-left font-normal">
                {line.actor}
              </th>
              <td className="cell text-left">{line.command}</td>
              <td className="cell text-left">{humanize(line.code)}</td>
              <td className="cell text-left text-muted">{line.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
