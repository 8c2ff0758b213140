import type { AccountLine } from '@/lib/workflow/read/accounts-types'
import { roleName } from '../actions/role-name'
import { ScrollRegion } from '../ui/scroll-region'

/** Everybody who can sign in, or could: what they may do, what they see, and what needs an eye. */
export function PeopleTable({
  people,
  hrefOf,
  moment,
  day,
}: {
  people: readonly AccountLine[]
  hrefOf: (line: AccountLine) => string
  moment: (iso: string) => string
  day: (iso: string) => string
}) {
  return (
    <ScrollRegion label="People" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {['Name', 'Roles', 'Sees', 'Last seen', 'State'].map((label) => (
              <th key={label} scope="col" className="cell-head text-left">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map((each) => (
            <tr key={each.id} className="row" tabIndex={-1}>
              <th scope="row" className="cell h-auto py-1 text-left font-normal">
                <a className="link" href={hrefOf(each)}>
                  {each.name}
                </a>
                <span className="block text-xs text-muted">{each.email}</span>
              </th>
              <td className="cell h-auto py-1 text-left whitespace-normal">
                {each.roles.map(roleName).join(', ') || <span className="text-muted">None</span>}
                {each.conflicts.map((conflict) => (
                  <span key={conflict.roles.join()} className="block text-xs text-warn">
                    {conflict.roles.map(roleName).join(' and ')}:{' '}
                    {conflict.state === 'watched'
                      ? `reviewed by ${conflict.owner} until ${conflict.until ? day(conflict.until) : ''}`
                      : conflict.state === 'over'
                        ? 'the review has run out'
                        : 'nobody reviews it'}
                  </span>
                ))}
              </td>
              <td className="cell h-auto py-1 text-left whitespace-normal text-muted">{each.sees}</td>
              <td className="cell text-left text-muted">
                {each.seenAt ? moment(each.seenAt) : 'Never'}
                {each.sessions > 0 ? `, ${each.sessions === 1 ? 'signed in' : `${each.sessions} sessions`}` : ''}
              </td>
              <td className="cell text-left">
                {each.active ? (each.signsIn === 'not_yet' ? 'Invited' : 'Active') : 'Deactivated'}
                {each.demo ? <span className="text-muted">, demo</span> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
