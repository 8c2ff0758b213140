'use client'

export interface ChartTable {
  head: string[]
  /** First cell is the row's name. */
  rows: { id: string; cells: string[] }[]
  foot?: string[]
}

/** The same data as a plain table. A client component, so that its cells travel as words and not as elements. */
export function DataList({ table, caption }: { table: ChartTable; caption: string }) {
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
