import type { CaseAction, CaseView } from '@/lib/workflow/read/case-types'
import { ActionForm } from '../actions/action-form'
import { formOf, raiseForm } from './action-fields'

/** The actions that are open to this person now, as forms; the others greyed, each with the reason. */
export function CaseActions({ view, raises }: { view: CaseView; raises: boolean }) {
  const open = view.actions.flatMap((action) => {
    const form = action.why === null ? formOf(action, view) : null
    return form ? [{ action, form }] : []
  })
  const closed = closedOf(view)
  return (
    <section aria-labelledby="may">
      <h2 id="may" className="mb-2 text-md">
        You may
      </h2>
      {open.length === 0 && !raises ? (
        <p className="text-sm text-muted">Nothing is open to you here now. Below is why.</p>
      ) : null}
      <ul className="flex flex-col gap-1.5">
        {open.map(({ action, form }) => (
          <li key={`${action.command}${action.subject?.id ?? ''}`}>
            <ActionForm {...form} />
            <Note action={action} view={view} />
          </li>
        ))}
        {raises ? (
          <li>
            <ActionForm {...raiseForm(view)} />
          </li>
        ) : null}
      </ul>
      {closed.length > 0 ? (
        <details className="mt-4" open={open.length === 0}>
          <summary className="cursor-pointer text-sm text-muted">
            <span className="link">{closed.length} closed to you, and why</span>
          </summary>
          <dl className="mt-2 text-sm">
            {closed.map(({ key, title, about, why }) => (
              <div key={key} className="border-t border-line py-1.5">
                <dt className="text-faint">
                  {title}
                  {about ? <span className="text-xs"> {about}</span> : null}
                </dt>
                <dd className="text-muted">{why}</dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  )
}

/** What the reader should know before they press: which unit it is, and what the rule says. */
function Note({ action, view }: { action: CaseAction; view: CaseView }) {
  const { subject, command } = action
  const unit = view.units.find(({ id }) => id === subject?.id)
  const about = subject && view.units.length > 1 ? subject.id : ''
  const rule = command === 'unit.dispose' && unit?.proposal ? unit.proposal : null
  if (!about && !rule) return null
  return (
    <p className="mt-0.5 text-xs text-muted">
      {about}
      {rule ? `${about ? '. ' : ''}${rule.note} (row ${rule.row}, version ${rule.version})` : ''}
    </p>
  )
}

interface Closed {
  readonly key: string
  readonly title: string
  readonly about: string
  readonly why: string
}

/** Closed actions: what is closed for one reason to several units is told once. */
function closedOf(view: CaseView): Closed[] {
  const groups = new Map<string, { title: string; why: string; ids: string[] }>()
  for (const { command, title, subject, why } of view.actions) {
    const preview = command === 'settlement.propose' && view.previews.find(({ unitId }) => unitId === subject?.id)
    const reason = why ?? (preview ? preview.why : '')
    if (!reason) continue
    const key = `${command}|${reason}`
    const group = groups.get(key)
    if (group) group.ids.push(subject?.id ?? '')
    else groups.set(key, { title, why: reason, ids: [subject?.id ?? ''] })
  }
  const several = view.units.length > 1 || view.settlements.length > 1
  return [...groups].map(([key, { title, why, ids }]) => ({
    key,
    title,
    why,
    about: several && ids.length < view.units.length ? ids.filter(Boolean).join(', ') : '',
  }))
}
