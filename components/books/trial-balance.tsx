import { Fragment } from 'react'
import { ScrollRegion } from '../ui/scroll-region'
import type { TrialView } from './close-view'

/** Opening, debits, credits and closing of every account, and their sums: both outer ones are zero. */
export function TrialBalance({ trial }: { trial: readonly TrialView[] }) {
  return trial.map(({ currency, groups, totals }) => (
    <ScrollRegion key={currency} label={`Trial balance in ${currency}`} className="table-box mb-4">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className="cell-head cell-sticky text-left">
              {currency}
            </th>
            {['Opening', 'Debit', 'Credit', 'Closing'].map((label) => (
              <th key={label} scope="col" className="cell-head min-w-28 text-right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Fragment key={group.label}>
              <tr>
                <th
                  scope="colgroup"
                  colSpan={5}
                  className="cell cell-sticky pt-2 text-left text-xs font-normal text-muted"
                >
                  {group.label}
                </th>
              </tr>
              {group.rows.map((row) => (
                <tr key={row.account}>
                  <th scope="row" className="cell cell-sticky text-left font-normal">
                    {row.account}
                  </th>
                  <td className="cell text-right">{row.opening}</td>
                  <td className="cell text-right">{row.debit}</td>
                  <td className="cell text-right">{row.credit}</td>
                  <td className="cell text-right">{row.closing}</td>
                </tr>
              ))}
            </Fragment>
          ))}
          <tr className="font-medium">
            <th scope="row" className="cell cell-sticky border-t border-line text-left">
              Sum
            </th>
            {[totals.opening, totals.debit, totals.credit, totals.closing].map((value, index) => (
              <td
                key={['opening', 'debit', 'credit', 'closing'][index]}
                className="cell border-t border-line text-right"
              >
                {value}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </ScrollRegion>
  ))
}
