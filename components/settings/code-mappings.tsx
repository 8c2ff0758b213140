import { humanize } from '@/lib/format'
import type { CodeMappingLine } from '@/lib/workflow/read/codes-types'
import { ActionForm } from '../actions/action-form'
import { ScrollRegion } from '../ui/scroll-region'
import { codeName } from './code-name'
import { meaningField } from './code-tasks'

/** A mapping with its changes as the page words them. */
export interface ShownMapping extends Omit<CodeMappingLine, 'changes'> {
  /** What was done to it, newest first: "Too large instead of Too small, Sam, 3 May". */
  readonly changes: readonly string[]
}

const HEADS = ['Source', 'Of', 'Their code', 'Means', 'Said', ''] as const

/** What outside codes mean, by source, with what each meant before. */
export function CodeMappings({ mappings, maps }: { mappings: readonly ShownMapping[]; maps: boolean }) {
  return (
    <ScrollRegion label="Meanings of outside codes" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {HEADS.filter((head) => maps || head !== '').map((head) => (
              <th key={head} scope="col" className="cell-head text-left">
                {head || <span className="sr-only">Change</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {mappings.map((each) => (
            <tr key={`${each.source} ${each.list} ${each.outside}`} className="row" tabIndex={-1}>
              <td className="cell text-left">{each.source}</td>
              <td className="cell text-left">{humanize(each.list)}</td>
              <th scope="row" className="cell text-left font-medium">
                {each.outside}
              </th>
              <td className="cell text-left">
                {codeName(each.list, each.code)}
                {each.underway ? <span className="text-muted">, cases are being read again</span> : null}
              </td>
              <td className="cell h-auto py-1 text-left text-muted">
                {each.changes.length > 1 ? (
                  <details>
                    <summary>
                      {each.changes[0]} <span className="text-2xs">({each.changes.length} versions)</span>
                    </summary>
                    <ul className="mt-1 border-l-2 border-line pl-2 text-xs">
                      {each.changes.slice(1).map((change) => (
                        <li key={change}>{change}</li>
                      ))}
                    </ul>
                  </details>
                ) : (
                  each.changes[0]
                )}
              </td>
              {maps ? (
                <td className="cell h-auto min-w-44 text-left whitespace-normal">
                  <ActionForm
                    command="code.map"
                    title="Change"
                    button="Read history again with it"
                    given={{ source: each.source, list: each.list, outside: each.outside, seen: each.version }}
                    fields={[
                      meaningField(each.list, each.code),
                      { name: 'reason', label: 'Why it means something else', kind: 'text', required: true },
                    ]}
                  />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
