import { humanize } from '@/lib/format'
import type { CaseLine } from '@/lib/workflow/read/cases-types'
import { ScrollRegion } from '../ui/scroll-region'
import { StatusWord } from '../work/status-word'

/** Cases, one a row: the three statuses, what waits, and what it is about. */
export function CaseTable({
  lines,
  href,
  minute,
}: {
  lines: readonly CaseLine[]
  href: (id: string) => string
  minute: (iso: string) => string
}) {
  return (
    <ScrollRegion label="Returns" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className="cell-head cell-sticky text-left">
              Return
            </th>
            <th scope="col" className="cell-head text-left">
              Overall
            </th>
            <th scope="col" className="cell-head text-left">
              Goods
            </th>
            <th scope="col" className="cell-head text-left">
              Money
            </th>
            <th scope="col" className="cell-head text-left">
              Order
            </th>
            <th scope="col" className="cell-head text-left">
              Channel
            </th>
            <th scope="col" className="cell-head text-left">
              Facility
            </th>
            <th scope="col" className="cell-head text-right">
              Pieces
            </th>
            <th scope="col" className="cell-head text-right">
              Value
            </th>
            <th scope="col" className="cell-head text-right">
              Last change
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id} tabIndex={-1} className="row">
              <th scope="row" className="cell cell-sticky text-left font-normal">
                <a className="link" href={href(line.id)}>
                  {line.id}
                </a>
                {line.exceptions > 0 ? (
                  <span className="ml-2 text-2xs text-worse">
                    {line.exceptions} {line.exceptions === 1 ? 'exception' : 'exceptions'}
                  </span>
                ) : null}
              </th>
              <td className="cell text-left">
                <StatusWord status={line.overall} />
              </td>
              <td className="cell text-left">
                <StatusWord status={line.goods} />
              </td>
              <td className="cell text-left">
                <StatusWord status={line.money} />
              </td>
              <td className="cell text-left text-muted">{line.orderId}</td>
              <td className="cell text-left text-muted">{line.channel}</td>
              <td className="cell text-left text-muted">{humanize(line.facility)}</td>
              <td className="cell text-right">{line.pieces}</td>
              <td className="cell whitespace-nowrap text-right">
                {line.value} <span className="text-muted">{line.currency}</span>
              </td>
              <td className="cell whitespace-nowrap text-right text-muted">
                <time dateTime={line.lastAt}>{minute(line.lastAt)}</time>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
