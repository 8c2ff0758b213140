'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import { type BodyProps, TableRow } from './table-row'

export interface WindowProps extends BodyProps {
  scroller: RefObject<HTMLElement | null>
}

/** The rows in view and a few around them; two empty rows hold the place of the rest. */
export function Window({ rows, shown, rowHeight, scroller }: WindowProps) {
  // oxlint-disable-next-line react/incompatible-library -- the React Compiler is off in this product
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <>
      <Gap height={before} />
      <tbody>
        {items.map((item) => {
          const row = rows[item.index]
          return row ? <TableRow key={row.id} row={row} shown={shown} /> : null
        })}
      </tbody>
      <Gap height={after} />
    </>
  )
}

const Gap = ({ height }: { height: number }) =>
  height > 0 ? (
    <tbody>
      <tr style={{ height }} />
    </tbody>
  ) : null
