import type { AuditField } from '@/lib/workflow/read/audit-types'

export interface AuditView {
  readonly seq: string
  readonly time: string
  readonly actor: string
  readonly kind: string
  readonly roles: string
  readonly action: string
  readonly object: string
  readonly href: string | null
  readonly reason: string
  readonly fields: readonly AuditField[]
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  readonly sealed: string
}

/** How many changed fields a line names before it is opened. */
const NAMED = 3

/** Who did what to what, latest first; each line opens to every field before and after. */
export function AuditList({ lines }: { lines: readonly AuditView[] }) {
  return (
    <ul className="border-b border-line text-sm">
      {lines.map((line) => (
        <li key={line.seq} className="border-t border-line">
          <details className="group">
            <summary className="grid cursor-pointer grid-cols-[7.5rem_1fr] gap-x-3 py-1 hover:bg-panel sm:grid-cols-[9rem_12rem_14rem_1fr]">
              <span className="num text-muted">{line.time}</span>
              <span className="truncate" title={line.roles}>
                {line.actor}
                {line.kind ? <span className="text-2xs text-muted"> {line.kind}</span> : null}
              </span>
              <span className="truncate max-sm:col-start-2">{line.action}</span>
              <span className="min-w-0 truncate text-muted max-sm:col-start-2">
                <span className="text-text">{line.object}</span>{' '}
                {line.fields
                  .slice(0, NAMED)
                  .map(
                    ({ field, before, after }) =>
                      `${field}: ${before === null ? '' : `${before} → `}${after ?? 'none'}`,
                  )
                  .join(', ')}
                {line.fields.length > NAMED ? ` and ${line.fields.length - NAMED} more` : ''}
              </span>
            </summary>
            <div className="mb-2 border-l-2 border-accent py-1 pl-3 sm:ml-[9.75rem]">
              {line.reason ? <p>{line.reason}</p> : null}
              {line.fields.length > 0 ? (
                <table className="my-1 text-xs">
                  <thead>
                    <tr>
                      {['Field', 'Before', 'After'].map((label) => (
                        <th key={label} scope="col" className="cell-head pr-6 text-left">
                          {label}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {line.fields.map(({ field, before, after }) => (
                      <tr key={field}>
                        <th scope="row" className="py-0.5 pr-6 text-left align-top font-normal">
                          {field}
                        </th>
                        <td className="max-w-xs py-0.5 pr-6 align-top break-words text-muted">{before ?? 'none'}</td>
                        <td className="max-w-xs py-0.5 align-top break-words">{after ?? 'none'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              ) : null}
              <p className="text-xs text-muted">
                {line.facts.map(({ label, value }) => `${label} ${value}`).join(' · ')} · {line.sealed}
                {line.href ? (
                  <>
                    {' · '}
                    <a className="link" href={line.href}>
                      Open
                    </a>
                  </>
                ) : null}
              </p>
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}
