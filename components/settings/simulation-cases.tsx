import { Section } from '../ui/panel'
import { ScrollRegion } from '../ui/scroll-region'
import type { CaseLine, CasesView, Moved } from './simulation-view'

/** The cases that would have been another, the largest change first; each opens its return. */
export function SimulationCases({ view }: { view: CasesView }) {
  return (
    <Section
      id="cases"
      title={view.title}
      tools={
        <div className="noprint flex flex-wrap gap-2">
          {view.clear ? (
            <a className="control" href={view.clear}>
              Show all
            </a>
          ) : null}
          {view.csv ? (
            <a className="control" href={view.csv} download data-csv>
              Download as CSV
            </a>
          ) : null}
        </div>
      }
    >
      {view.note ? <p className="mb-1 text-sm text-muted">{view.note}</p> : null}
      {view.lines.length === 0 ? (
        <p className="border-y border-line py-6 text-center text-sm text-muted">Nothing would have been another.</p>
      ) : (
        <ScrollRegion label="Cases" rows className="table-box relative">
          <table className="w-full border-separate border-spacing-0 text-sm">
            <thead>
              <tr>
                <th scope="col" className="cell-head cell-sticky text-left">
                  Case
                </th>
                <th scope="col" className="cell-head text-left">
                  About
                </th>
                <th scope="col" className="cell-head text-left">
                  Row
                </th>
                <th scope="col" className="cell-head text-left">
                  {view.verdict}
                </th>
                {view.figures.map((label) => (
                  <th key={label} scope="col" className="cell-head text-right">
                    {label}
                  </th>
                ))}
                {view.days ? (
                  <th scope="col" className="cell-head text-right">
                    Days to the money
                  </th>
                ) : null}
              </tr>
            </thead>
            <tbody>
              {view.lines.map((line) => (
                <Line key={line.key} line={line} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
      {view.before || view.after ? (
        <nav aria-label="Pages of cases" className="noprint mt-2 flex gap-2">
          {view.before ? (
            <a className="control" href={view.before}>
              Larger changes
            </a>
          ) : null}
          {view.after ? (
            <a className="control" href={view.after}>
              Smaller changes
            </a>
          ) : null}
        </nav>
      ) : null}
    </Section>
  )
}

function Line({ line }: { line: CaseLine }) {
  return (
    <tr className="row" tabIndex={-1}>
      <th scope="row" className="cell cell-sticky text-left font-normal">
        {line.href ? (
          <a className="link" href={line.href}>
            {line.title}
          </a>
        ) : (
          line.title
        )}
      </th>
      <td className="cell text-left text-muted">
        <span className="block max-w-56 truncate" title={line.about}>
          {line.about}
        </span>
      </td>
      <td className="cell text-left">
        <Both moved={line.row} />
      </td>
      <td className="cell text-left">
        <Both moved={line.verdict} />
      </td>
      {line.figures.map((moved, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a figure has its place
        <td key={index} className="cell text-right">
          <Both moved={moved} />
        </td>
      ))}
      {line.days ? (
        <td className="cell text-right">
          <Both moved={line.days} />
        </td>
      ) : null}
    </tr>
  )
}

/** What it was, struck through, and what it would have been; what stays is said once. */
const Both = ({ moved: { before, after } }: { moved: Moved }) =>
  before === null ? (
    <span className="text-muted">{after}</span>
  ) : (
    <>
      <del className="text-muted">{before}</del> <span className="sr-only">would have been </span>
      <ins className="font-medium no-underline">{after}</ins>
    </>
  )
