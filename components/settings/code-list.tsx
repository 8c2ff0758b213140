import { ScrollRegion } from '../ui/scroll-region'

/** One standard list: each code, what it says, and how much carries it. */
export interface CodeListView {
  readonly id: string
  readonly title: string
  /** Of what the figures are, such as "Asked for in 12 months"; '' where the list is not counted. */
  readonly counted: string
  readonly codes: readonly {
    readonly code: string
    readonly name: string
    readonly means: string
    readonly units: string
    /** In GS1's vocabulary, where the list has words there. */
    readonly cbv: string
  }[]
}

export function CodeList({ list }: { list: CodeListView }) {
  const cbv = list.codes.some((each) => each.cbv !== '')
  return (
    <section aria-labelledby={`list-${list.id}`} className="min-w-0">
      <h3 id={`list-${list.id}`} className="mb-1 text-sm font-medium">
        {list.title}
      </h3>
      <ScrollRegion label={`Codes of ${list.title.toLowerCase()}`} rows className="table-box">
        <table className="w-full border-separate border-spacing-0 text-sm">
          <thead>
            <tr>
              <th scope="col" className="cell-head text-left">
                Code
              </th>
              <th scope="col" className="cell-head text-left">
                Means
              </th>
              {cbv ? (
                <th scope="col" className="cell-head text-left">
                  GS1 step and disposition
                </th>
              ) : null}
              {list.counted ? (
                <th scope="col" className="cell-head text-right">
                  {list.counted}
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {list.codes.map((each) => (
              <tr key={each.code} className="row" tabIndex={-1}>
                <th scope="row" className="cell h-auto py-1 text-left align-top font-normal">
                  <span className="font-medium">{each.name}</span>
                  {each.name === each.code ? null : <span className="block text-2xs text-muted">{each.code}</span>}
                </th>
                <td className="cell h-auto py-1 text-left align-top whitespace-normal text-muted">{each.means}</td>
                {cbv ? (
                  <td className="cell h-auto py-1 text-left align-top text-xs whitespace-normal text-muted">
                    {each.cbv || 'none'}
                  </td>
                ) : null}
                {list.counted ? <td className="cell h-auto py-1 text-right align-top">{each.units}</td> : null}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  )
}
