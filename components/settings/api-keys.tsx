import type { KeyLine } from '@/lib/workflow/read/sources-types'
import { ActionForm } from '../actions/action-form'
import { ScrollRegion } from '../ui/scroll-region'

/** A key as the page words it. */
export interface ShownKey extends KeyLine {
  readonly until: string
  readonly used: string
}

const STATES = { in_force: 'In force', expired: 'Expired', revoked: 'Revoked' } as const

/** Keys for machines, newest first. Their secrets are kept nowhere. */
export function ApiKeys({ keys, manages }: { keys: readonly ShownKey[]; manages: boolean }) {
  return (
    <ScrollRegion label="Keys and what they may" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {['Key', 'May', 'Sources', 'Until', 'Last used', 'State'].map((head) => (
              <th key={head} scope="col" className="cell-head text-left">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-normal">
                {key.name} <span className="num text-2xs text-muted">{key.id}</span>
              </th>
              <td className="cell text-left">{key.scopes.join(', ')}</td>
              <td className="cell text-left">{key.sources.join(', ')}</td>
              <td className="cell text-left">{key.until}</td>
              <td className="cell text-left text-muted">{key.used}</td>
              <td className="cell h-auto min-w-44 text-left whitespace-normal">
                <span className="mr-2">{STATES[key.state]}</span>
                {manages && key.state === 'in_force' ? (
                  <ActionForm
                    command="key.revoke"
                    title="Revoke"
                    button={`Revoke ${key.name}`}
                    given={{ id: key.id }}
                    fields={[
                      { name: 'reason', label: 'Why; whoever uses it is shut out', kind: 'text', required: true },
                    ]}
                  />
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
