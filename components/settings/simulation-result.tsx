import { Delta } from '../ui/delta'
import { Section } from '../ui/panel'
import { ScrollRegion } from '../ui/scroll-region'
import type { Change, FigureLine, ShareLine, SimulationResultView } from './simulation-view'

/** What a version would have changed: its figures, what became of everything, and which rows decided. */
export function SimulationResult({ view }: { view: SimulationResultView }) {
  return (
    <>
      <p className="max-w-[90ch] text-md">{view.headline}</p>
      {view.notes.map((note) => (
        <p key={note} className="mt-1 max-w-[90ch] border-l-2 border-warn pl-2 text-sm">
          {note}
        </p>
      ))}
      <div className="mt-4 flex flex-col gap-6">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-6 xl:grid-cols-2">
          <Section id="figures" title="Figures">
            <Figures lines={view.figures} />
          </Section>
          <Section id="counts" title="What is counted">
            <ul className="flex max-w-[80ch] list-disc flex-col gap-1 pl-4 text-sm text-muted">
              {view.counts.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </Section>
        </div>
        <Section id="verdicts" title={view.verdict.label}>
          <Shares label={view.verdict.label} amount={view.verdict.amount} lines={view.verdict.lines} />
        </Section>
        <Section id="rows" title="By row of the policy">
          <Shares label="Row" amount={view.verdict.amount} lines={view.rows} />
        </Section>
      </div>
    </>
  )
}

const HEAD = 'cell-head text-right'

function Figures({ lines }: { lines: readonly FigureLine[] }) {
  return (
    <ScrollRegion label="Figures before and after" rows className="table-box relative">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className="cell-head cell-sticky text-left">
              Figure
            </th>
            <th scope="col" className={HEAD}>
              Before
            </th>
            <th scope="col" className={HEAD}>
              After
            </th>
            <th scope="col" className={HEAD}>
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.label} className="row" tabIndex={-1}>
              <th scope="row" className="cell cell-sticky h-auto py-1 text-left font-normal" title={line.says}>
                {line.label}
              </th>
              <td className="cell text-right">{line.before}</td>
              <td className="cell text-right">{line.after}</td>
              <td className="cell text-right">
                <Opened href={line.href} change={line.change} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

function Shares({ label, amount, lines }: { label: string; amount: string; lines: readonly ShareLine[] }) {
  return (
    <ScrollRegion label={`${label}, before and after`} rows className="table-box table-tall relative">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            <th scope="col" className="cell-head cell-sticky text-left">
              {label}
            </th>
            <th scope="col" className={HEAD}>
              Units before
            </th>
            <th scope="col" className={HEAD}>
              After
            </th>
            <th scope="col" className={HEAD}>
              Difference
            </th>
            <th scope="col" className={HEAD}>
              {amount} before
            </th>
            <th scope="col" className={HEAD}>
              After
            </th>
            <th scope="col" className={HEAD}>
              Difference
            </th>
            <th scope="col" className="cell-head text-left">
              <span className="sr-only">Cases</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id} className="row" tabIndex={-1}>
              <th scope="row" className="cell cell-sticky text-left font-normal">
                {line.label}
              </th>
              <td className="cell text-right">{line.before}</td>
              <td className="cell text-right">{line.after}</td>
              <td className="cell text-right">
                <Difference change={line.change} />
              </td>
              <td className="cell text-right">{line.amountBefore}</td>
              <td className="cell text-right">{line.amountAfter}</td>
              <td className="cell text-right">
                <Difference change={line.amountChange} />
              </td>
              <td className="cell text-left">
                {line.href ? (
                  <a className="link" href={line.href}>
                    Cases<span className="sr-only"> from or to {line.label}</span>
                  </a>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

const Difference = ({ change }: { change: Change }) =>
  change.verdict === 'same' ? <span className="text-muted">none</span> : <Delta {...change} />

/** A difference that leads to its cases; one that is none leads nowhere. */
const Opened = ({ href, change }: { href: string | null; change: Change }) =>
  href ? (
    <a className="link" href={href}>
      <Difference change={change} />
    </a>
  ) : (
    <Difference change={change} />
  )
