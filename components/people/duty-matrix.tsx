import type { Exclusion, RoleDuty } from '@/lib/returns/role-duties'
import { ROLE_DUTY_WORDS } from '@/lib/returns/role-duties'
import type { DutyPair, Holder, SegregationView } from '@/lib/workflow/read/segregation-types'
import { roleName } from '../actions/role-name'
import { ScrollRegion } from '../ui/scroll-region'

const TABLE = 'border-separate border-spacing-0 text-sm'
const SIGN: Record<Exclusion, string> = { never: 'never', case: 'not on one case', review: 'with review' }
const TONE: Record<Exclusion, string> = { never: '', case: 'text-muted', review: 'text-faint' }

/** Every two duties: how they go together in one person, and how many people could do both. */
export function DutyMatrix({ duties, pairs }: { duties: readonly RoleDuty[]; pairs: readonly DutyPair[] }) {
  const of = new Map(pairs.map((pair) => [`${pair.first} ${pair.second}`, pair]))
  const columns = duties.slice(1)
  return (
    <ScrollRegion label="Every two duties" rows className="table-box">
      <table className={TABLE}>
        <thead>
          <tr>
            <th scope="col" className="cell-head text-left">
              Duty
            </th>
            {columns.map((duty) => (
              <th
                key={duty}
                scope="col"
                className="cell-head h-auto min-w-20 py-1 text-left align-bottom text-xs whitespace-normal"
              >
                {ROLE_DUTY_WORDS[duty]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {duties.slice(0, -1).map((first, row) => (
            <tr key={first} className="row" tabIndex={-1}>
              <th scope="row" className="cell h-auto min-w-36 py-1 text-left align-top font-normal whitespace-normal">
                {ROLE_DUTY_WORDS[first]}
              </th>
              {columns.map((second, column) => {
                const pair = of.get(`${first} ${second}`)
                if (column < row || !pair)
                  return (
                    <td key={second} className="cell h-auto py-1 align-top text-faint">
                      <span aria-hidden="true">·</span>
                    </td>
                  )
                return (
                  <td key={second} className="cell h-auto py-1 text-left align-top text-xs whitespace-normal">
                    <span className={TONE[pair.exclusion]}>{SIGN[pair.exclusion]}</span>
                    {pair.people > 0 ? (
                      <span className={`block text-xs ${pair.exclusion === 'never' ? 'text-warn' : 'text-muted'}`}>
                        {pair.people === 1 ? '1 person could' : `${pair.people} people could`}
                      </span>
                    ) : null}
                    {pair.both > 0 ? (
                      <span className="block text-xs text-worse">{pair.both} times by one person</span>
                    ) : null}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

/** The people who hold two duties that should be apart: by what, who watches, and what they did. */
export function HolderTable({
  holders,
  hrefOf,
  day,
}: {
  holders: readonly Holder[]
  hrefOf: (id: string) => string
  day: (iso: string) => string
}) {
  return (
    <ScrollRegion label="Who holds what together" rows className="table-box">
      <table className={`${TABLE} w-full`}>
        <thead>
          <tr>
            {['Person', 'Duties', 'Together', 'By', 'Did each in 90 days', 'Watched by'].map((label) => (
              <th key={label} scope="col" className="cell-head text-left">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {holders.map((each) => (
            <tr key={`${each.id}${each.duties.join()}`} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-normal">
                <a className="link" href={hrefOf(each.id)}>
                  {each.name}
                </a>
              </th>
              <td className="cell h-auto py-1 text-left whitespace-normal">
                {each.duties.map((duty) => ROLE_DUTY_WORDS[duty]).join('; ')}
              </td>
              <td className="cell text-left">{SIGN[each.exclusion]}</td>
              <td className="cell h-auto py-1 text-left whitespace-normal text-muted">
                {each.roles.map(roleName).join(', ')}
                {each.within ? ', one role as it is delivered' : ''}
              </td>
              <td className="cell num text-left">
                {each.did[0]} and {each.did[1]}
              </td>
              <td className="cell h-auto py-1 text-left whitespace-normal">
                {each.state === 'watched' ? (
                  `${each.owner} until ${each.until ? day(each.until) : ''}`
                ) : each.state === 'free' ? (
                  <span className="text-muted">{WATCH[each.exclusion]}</span>
                ) : (
                  <span className="text-warn">{each.state === 'over' ? 'The review has run out' : 'Nobody'}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

const WATCH: Record<Exclusion, string> = {
  never: 'Each act needs somebody else’s yes',
  case: 'The database, on each case',
  review: 'Whoever reads this page',
}

/** What each role makes a person able to do, as far as it must be kept apart. */
export function RoleDuties({ roles, count }: { roles: SegregationView['roles']; count: (value: number) => string }) {
  return (
    <ScrollRegion label="Roles and their duties" rows className="table-box">
      <table className={`${TABLE} w-full`}>
        <thead>
          <tr>
            <th scope="col" className="cell-head text-left">
              Role
            </th>
            <th scope="col" className="cell-head text-left">
              Duties
            </th>
            <th scope="col" className="cell-head text-right">
              People
            </th>
          </tr>
        </thead>
        <tbody>
          {roles.map((each) => (
            <tr key={each.role} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-normal">
                {each.label}
              </th>
              <td className="cell h-auto py-1 text-left whitespace-normal">
                {each.duties.map((duty) => ROLE_DUTY_WORDS[duty]).join('; ') || (
                  <span className="text-muted">None that must be kept apart</span>
                )}
              </td>
              <td className="cell num text-right">{count(each.people)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
