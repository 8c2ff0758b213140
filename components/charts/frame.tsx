import { ChartLine, Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { ScrollRegion } from '../ui/scroll-region'
import { type ChartTable, DataList } from './data-list'

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
