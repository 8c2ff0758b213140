import type { ReactNode } from 'react'
import { CellContent } from './cell-content'
import type { Column, Row } from './table-types'

export interface BodyProps {
  label: string
  heads: ReactNode[]
  shown: Column[]
  rows: Row[]
  foot: Row[]
  rowHeight: number
}

const DASH = { text: '–' }

/** A row that can take the focus; the sticky column is its name. */
export function TableRow({ row, shown, foot = false }: { row: Row; shown: Column[]; foot?: boolean }) {
  return (
    <tr tabIndex={foot ? undefined : -1} className={foot ? 'row-foot' : 'row'}>
      {shown.map((column) => {
        const shape = `cell ${column.align === 'right' ? 'text-right' : 'text-left'} ${column.sticky ? 'cell-sticky' : ''} ${column.wide ? 'max-sm:hidden' : ''}`
        return column.sticky ? (
          <th key={column.id} scope="row" className={`${shape} font-normal`}>
            <CellContent cell={row.cells[column.id] ?? (foot ? undefined : DASH)} />
            {row.peek ? <Peek href={row.peek} /> : null}
          </th>
        ) : (
          <td key={column.id} className={shape}>
            <CellContent cell={row.cells[column.id] ?? (foot ? undefined : DASH)} />
          </td>
        )
      })}
    </tr>
  )
}

/** Not seen and not spoken: what the Space key follows. */
const Peek = ({ href }: { href: string }) => (
  <a href={href} data-peek hidden>
    Look into it
  </a>
)
