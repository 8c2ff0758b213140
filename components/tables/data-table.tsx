'use client'
import {
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp, Info } from 'lucide-react'
import { type ComponentType, useEffect, useMemo, useRef, useState } from 'react'
import { ScrollRegion } from '../ui/scroll-region'
import { type BodyProps, TableRow } from './table-row'
import { TableTools } from './table-tools'
import type { Cell, Column, Density, Row, TableData } from './table-types'
import type { WindowProps } from './window'

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
})
const helper = createColumnHelper<typeof features, Row>()

/** Above this many rows only those in view are in the document. */
const MANY = 200
/** Above this many rows the table scrolls within the window, so that head and total stay in sight. */
const TALL = 24
const HEIGHT: Record<Density, number> = { compact: 26, regular: 30, relaxed: 36 }

/** `undefined` sorts last in both directions. */
const sortValue = (cell: Cell | undefined): string | number | undefined =>
  cell === undefined || cell.sort === null ? undefined : (cell.sort ?? cell.text)

export interface DataTableProps {
  label: string
  data: TableData
  density: Density
  /** Of exactly this table. */
  csv?: string
  /** Sorting would lie when the rows are one page of many. */
  sortable?: boolean
}

/**
 * A ledger's table: complete from the server; with scripts it sorts, hides columns and changes its density. The head and the
 * first column stay in sight, totals stand below and never sort. Rows take the focus with j and k.
 */
export function DataTable({ label, data, density: initialDensity, csv, sortable = true }: DataTableProps) {
  const [density, setDensity] = useState(initialDensity)
  const columns = useMemo(
    () =>
      helper.columns(
        data.columns.map((column) =>
          helper.accessor((row) => sortValue(row.cells[column.id]), {
            id: column.id,
            sortUndefined: 'last',
            sortFn: 'basic',
            enableSorting: sortable,
            enableHiding: !column.sticky,
            // Figures are asked for largest first, names from A.
            sortDescFirst: column.align === 'right',
          }),
        ),
      ),
    [data.columns, sortable],
  )
  const table = useTable({
    features,
    columns,
    data: data.rows,
    initialState: {
      columnVisibility: Object.fromEntries(data.columns.flatMap((c) => (c.hidden ? [[c.id, false]] : []))),
    },
  })
  const byId = new Map(data.columns.map((column) => [column.id, column]))
  const shown = table.getVisibleLeafColumns().flatMap((column) => byId.get(column.id) ?? [])
  const rows = table.getRowModel().rows.map((row) => row.original)
  const sorting = table.state.sorting[0]
  const heads = shown.map((column) => (
    <Head
      key={column.id}
      column={column}
      sorted={column.sorted ?? (sorting?.id === column.id ? (sorting.desc ? 'desc' : 'asc') : false)}
      onSort={sortable ? () => table.getColumn(column.id)?.toggleSorting() : undefined}
    />
  ))
  return (
    <div data-density={density} className="relative min-w-0">
      <TableTools
        columns={data.columns.map((c) => ({ ...c, shown: table.getColumn(c.id)?.getIsVisible() ?? true }))}
        onColumn={(id) => table.getColumn(id)?.toggleVisibility()}
        density={density}
        onDensity={setDensity}
        csv={csv}
        announce={sorting ? `${rows.length} rows, sorted by ${byId.get(sorting.id)?.label ?? sorting.id}` : ''}
      />
      <Body label={label} heads={heads} shown={shown} rows={rows} foot={data.foot ?? []} rowHeight={HEIGHT[density]} />
    </div>
  )
}

function Head({
  column,
  sorted,
  onSort,
}: {
  column: Column
  sorted: 'asc' | 'desc' | false
  onSort: (() => void) | undefined
}) {
  const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown
  const words = (
    <>
      {column.label}
      {column.unit ? <span className="font-normal text-faint"> {column.unit}</span> : null}
    </>
  )
  return (
    <th
      scope="col"
      title={column.help}
      aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
      className={`cell-head ${column.align === 'right' ? 'text-right' : 'text-left'} ${column.sticky ? 'cell-sticky' : ''} ${column.wide ? 'max-sm:hidden' : ''}`}
    >
      {column.sortHref ? (
        <a href={column.sortHref} className="inline-flex items-center gap-1 whitespace-nowrap hover:text-ink">
          {words}
          {sorted ? <Arrow size={12} strokeWidth={2} aria-hidden="true" /> : null}
        </a>
      ) : onSort ? (
        <button
          type="button"
          className="inline-flex items-center gap-1 whitespace-nowrap hover:text-ink"
          onClick={onSort}
        >
          {words}
          {sorted ? <Arrow size={12} strokeWidth={2} aria-hidden="true" /> : null}
        </button>
      ) : (
        words
      )}
      {column.about ? (
        <a
          href={column.about}
          aria-label={`What ${column.label} means`}
          className="noprint -mx-1 -my-1 inline-grid size-6 place-items-center align-middle text-faint hover:text-ink"
        >
          <Info size={12} strokeWidth={1.5} aria-hidden="true" />
        </a>
      ) : null}
    </th>
  )
}

function Body(props: BodyProps) {
  const scroller = useRef<HTMLElement>(null)
  const many = props.rows.length > MANY
  const [Window, setWindow] = useState<ComponentType<WindowProps> | null>(null)
  useEffect(() => {
    if (many) void import('./window').then((module) => setWindow(() => module.Window))
  }, [many])
  return (
    <ScrollRegion
      ref={scroller}
      label={props.label}
      rows
      className={`table-box ${many ? 'table-tall table-scrolls' : props.rows.length > TALL ? 'table-long table-scrolls' : ''}`}
    >
      <table className="w-full border-separate border-spacing-0 text-sm" aria-rowcount={props.rows.length}>
        <thead>
          <tr>{props.heads}</tr>
        </thead>
        {many && Window ? (
          <Window {...props} scroller={scroller} />
        ) : (
          <tbody>
            {props.rows.slice(0, MANY).map((row) => (
              <TableRow key={row.id} row={row} shown={props.shown} />
            ))}
          </tbody>
        )}
        {props.foot.length > 0 ? (
          <tfoot>
            {props.foot.map((row) => (
              <TableRow key={row.id} row={row} shown={props.shown} foot />
            ))}
          </tfoot>
        ) : null}
      </table>
    </ScrollRegion>
  )
}
