import { Check, TriangleAlert } from 'lucide-react'
import { ScrollRegion } from '../ui/scroll-region'
import type { ReconciliationPageView } from './reconciliation-view'

/** Two totals and their difference, said in words first: what a reconciliation is read for. */
export function TieOut({ view }: { view: ReconciliationPageView }) {
  const Icon = view.verdict.good ? Check : TriangleAlert
  return (
    <section aria-labelledby="verdict" className="mb-5 border-y border-line py-3">
      <h2 id="verdict" className="flex items-center gap-2 text-lg">
        <Icon
          size={18}
          strokeWidth={2}
          aria-hidden="true"
          className={`shrink-0 ${view.verdict.good ? 'text-better' : 'text-warn'}`}
        />
        {view.verdict.text}
      </h2>
      <p className="mb-2 text-sm text-muted">{view.verdict.detail}</p>
      {view.ties.length > 0 ? (
        <ScrollRegion label="Totals of both sides">
          <table className="text-sm">
            <thead>
              <tr>
                <th scope="col" className="cell-head min-w-44 text-left">
                  <span className="sr-only">What</span>
                </th>
                <th scope="col" className="cell-head min-w-32 text-right">
                  {view.sides[0]}
                </th>
                <th scope="col" className="cell-head min-w-32 text-right">
                  {view.sides[1]}
                </th>
                <th scope="col" className="cell-head min-w-32 text-right">
                  Difference
                </th>
                <th scope="col" className="cell-head text-left">
                  <span className="sr-only">Unit</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {view.ties.map((tie) => (
                <tr key={`${tie.label} ${tie.unit}`}>
                  <th scope="row" className="cell text-left font-normal">
                    {tie.label}
                  </th>
                  <td className="cell text-right">{tie.ours}</td>
                  <td className="cell text-right">{tie.theirs}</td>
                  <td className={`cell text-right ${tie.even ? 'text-muted' : 'font-medium text-warn'}`}>
                    {tie.difference}
                  </td>
                  <td className="cell text-left text-muted">{tie.unit}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      ) : null}
      {view.notes.map((note) => (
        <p key={note} className="mt-2 max-w-[90ch] text-xs text-muted">
          {note}
        </p>
      ))}
    </section>
  )
}
