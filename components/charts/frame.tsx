import { ChartLine, Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { ScrollRegion } from '../ui/scroll-region'

export interface ChartTable {
  head: string[]
  /** First cell is the row's name. */
  rows: { id: string; cells: string[] }[]
  foot?: string[]
}

/**
 * A chart and its table in one figure, with a sentence. The button is a link, so that it works without scripts (`?as=table`);
 * with them it switches in place, and so does the key `t`.
 */
export function ChartFrame({
  id,
  title,
  sentence,
  legend,
  table,
  asTable,
  toggle,
  children,
}: {
  id: string
  title: string
  sentence: string
  legend?: ReactNode
  table: ChartTable
  asTable: boolean
  toggle: { chart: string; table: string }
  children: ReactNode
}) {
  return (
    <figure
      className="group/chart min-w-0"
      data-chart={id}
      data-as={asTable ? 'table' : 'chart'}
      aria-labelledby={`${id}-title`}
    >
      <div className="mb-1 flex min-h-7 items-start justify-between gap-3">
        <div className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5">
          <h2 id={`${id}-title`} className="text-md">
            {title}
          </h2>
          {legend ? <div className="flex flex-wrap gap-x-3 text-xs text-muted">{legend}</div> : null}
        </div>
        <span className="noprint flex shrink-0">
          <a
            href={toggle.table}
            data-toggle="table"
            className="control border-transparent px-1.5 text-muted group-data-[as=table]/chart:hidden"
          >
            <Table2 size={16} strokeWidth={1.5} aria-hidden="true" />
            <span>
              Table<span className="sr-only">: {title}</span>
            </span>
          </a>
          <a
            href={toggle.chart}
            data-toggle="chart"
            className="control hidden border-transparent px-1.5 text-muted group-data-[as=table]/chart:inline-flex"
          >
            <ChartLine size={16} strokeWidth={1.5} aria-hidden="true" />
            <span>
              Chart<span className="sr-only">: {title}</span>
            </span>
          </a>
        </span>
      </div>
      <figcaption className="mb-3 max-w-[104ch] text-xs text-muted">{unbroken(sentence)}</figcaption>
      <div className="group-data-[as=table]/chart:hidden">{children}</div>
      <ScrollRegion label={`${title}, table`} className="hidden group-data-[as=table]/chart:block">
        <DataList table={table} caption={sentence} />
      </ScrollRegion>
    </figure>
  )
}

/** A minus never parts from its amount at a line's end (U+2060). */
const unbroken = (text: string): string => text.replaceAll('\u2212', '\u2212\u2060')

function DataList({ table, caption }: { table: ChartTable; caption: string }) {
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="border-b border-field">
          {table.head.map((name, i) => (
            <th
              key={name}
              scope="col"
              className={`py-1 pr-4 font-medium text-muted ${i === 0 ? 'text-left' : 'text-right'}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row) => (
          <tr key={row.id} className="border-b border-line">
            {row.cells.map((cell, i) =>
              i === 0 ? (
                <th key={table.head[i]} scope="row" className="whitespace-nowrap py-1 pr-4 text-left font-normal">
                  {cell}
                </th>
              ) : (
                <td key={table.head[i]} className="whitespace-nowrap py-1 pr-4 text-right">
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
      {table.foot ? (
        <tfoot>
          <tr className="font-medium">
            {table.foot.map((cell, i) => (
              <td key={table.head[i]} className={`py-1 pr-4 ${i === 0 ? 'text-left' : 'text-right'}`}>
                {cell}
              </td>
            ))}
          </tr>
        </tfoot>
      ) : null}
    </table>
  )
}
