import type { AccountView } from '@/lib/workflow/read/accounts-types'
import { type ActionField, ActionForm } from '../actions/action-form'
import { roleName } from '../actions/role-name'
import { Section } from '../ui/panel'
import { GrantForm } from './grant-form'
import { LinkButton } from './link-button'
import type { ReviewDays } from './review-fields'
import { ReviewForm } from './review-form'
import { ScopeForm } from './scope-form'

const WHY: ActionField = { name: 'reason', label: 'Why', kind: 'text', required: true }
const WAY_IN = { password: 'A password', single_sign_on: 'Single sign-on', not_yet: 'No way in yet' } as const

/** A person with everything that can be changed, and what was. */
export function PersonParts({
  view,
  moment,
  day,
  days,
}: {
  view: AccountView
  moment: (iso: string) => string
  day: (iso: string) => string
  days: ReviewDays
}) {
  const { line, closed } = view
  const may = closed === ''
  const given = { personId: line.id }
  return (
    <>
      <h1 className="mt-1 text-lg">
        {line.name}
        {line.active ? null : <span className="ml-2 text-sm font-normal text-worse">Deactivated</span>}
      </h1>
      <p className="mb-4 max-w-[80ch] text-sm text-muted">
        {line.email}, since {day(line.createdAt)}. {closed}
      </p>
      <div className="flex flex-col gap-8">
        <Section id="roles" title="Roles">
          {line.roles.length === 0 ? <p className="text-sm text-muted">None: they see nothing.</p> : null}
          <ul className="border-b border-line">
            {line.roles.map((role) => (
              <li
                key={role}
                className="flex flex-wrap items-start justify-between gap-x-4 border-t border-line py-1.5 text-sm"
              >
                <span>
                  {roleName(role)}
                  {line.asleep.includes(role) ? (
                    <span className="ml-2 text-warn">gives nothing: its review has run out</span>
                  ) : null}
                </span>
                {may ? (
                  <ActionForm
                    command="person.take_away"
                    title="Take away"
                    button={`Take ${roleName(role).toLowerCase()} away from ${line.name}`}
                    given={{ ...given, role }}
                    fields={[WHY]}
                  />
                ) : null}
              </li>
            ))}
          </ul>
          {may ? (
            <details className="noprint mt-2 text-sm">
              <summary className="control cursor-pointer">Give a role</summary>
              <div className="mt-2">
                <GrantForm
                  personId={line.id}
                  name={line.name}
                  roles={view.grantable}
                  owners={view.owners}
                  days={days}
                />
              </div>
            </details>
          ) : null}
        </Section>
        {line.conflicts.length > 0 ? (
          <Section id="reviews" title="Roles that exclude each other">
            <ul className="border-b border-line text-sm">
              {line.conflicts.map((each) => (
                <li key={each.roles.join()} className="border-t border-line py-2">
                  <p>{each.why}</p>
                  <p className={each.state === 'watched' ? 'text-muted' : 'text-warn'}>
                    {each.state === 'none'
                      ? 'Nobody reviews it. Take one of them away, or record who reviews it.'
                      : `${each.owner} reviews it: ${each.review}. ${each.state === 'watched' ? 'Until' : 'It ran out on'} ${each.until ? day(each.until) : ''}.`}
                  </p>
                  {may ? (
                    <div className="noprint mt-1">
                      <ReviewForm personId={line.id} roles={each.roles} owners={view.owners} days={days} />
                    </div>
                  ) : null}
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
        <Section id="sees" title="What they see">
          <p className="mb-2 text-sm">{line.sees}</p>
          {may ? <ScopeForm personId={line.id} scope={line.scope} choices={view.choices} /> : null}
        </Section>
        <Section id="access" title="Access">
          <dl className="mb-3 grid grid-cols-[8rem_1fr] gap-y-1 text-sm">
            <dt className="text-muted">Comes in by</dt>
            <dd>{WAY_IN[line.signsIn]}</dd>
            <dt className="text-muted">Signed in now</dt>
            <dd>{line.sessions === 0 ? 'No' : line.sessions === 1 ? 'One session' : `${line.sessions} sessions`}</dd>
            <dt className="text-muted">Last seen</dt>
            <dd>{line.seenAt ? moment(line.seenAt) : 'Never'}</dd>
          </dl>
          {may ? (
            <div className="noprint flex flex-wrap items-start gap-2">
              {line.active ? (
                <LinkButton
                  personId={line.id}
                  label={line.signsIn === 'not_yet' ? 'Make a set-up link' : 'Make a link for a new password'}
                />
              ) : null}
              {line.sessions > 0 ? (
                <ActionForm
                  command="person.end_sessions"
                  title="End sessions"
                  button={`Sign ${line.name} out everywhere`}
                  given={given}
                  fields={[WHY]}
                />
              ) : null}
              {line.active ? (
                <ActionForm
                  command="person.deactivate"
                  title="Deactivate"
                  button={`Put ${line.name} out`}
                  given={given}
                  fields={[
                    { ...WHY, label: 'Why. They are signed out at once and cannot come in; what they did stays' },
                  ]}
                />
              ) : (
                <ActionForm
                  command="person.reactivate"
                  title="Let in again"
                  button={`Let ${line.name} in again`}
                  given={given}
                  fields={[{ ...WHY, label: 'Why. They have the roles above again' }]}
                />
              )}
            </div>
          ) : null}
        </Section>
        <Section id="history" title="What was changed">
          <ul className="border-b border-line text-sm">
            {view.history.map((each) => (
              <li
                key={`${each.at}${each.what}`}
                className="grid grid-cols-[9.5rem_1fr] gap-x-3 border-t border-line py-1.5 max-sm:grid-cols-1"
              >
                <time dateTime={each.at} className="num text-muted">
                  {moment(each.at)}
                </time>
                <span>
                  {each.what}{' '}
                  <span className="text-muted">
                    by {each.who}
                    {each.why ? `: ${each.why}` : ''}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  )
}
