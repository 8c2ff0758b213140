import { useEffect, useEffectEvent, useRef } from 'react'
import { humanize } from '@/lib/format'
import type { ApprovalLine } from '@/lib/workflow/read/approvals-types'
import type { useCommand } from '../actions/use-command'

export interface ShownApproval extends ApprovalLine {
  readonly asked: string
  readonly due: string
  /** What a version of a policy would have changed in the past, or that nobody knows. */
  readonly trial: { readonly href: string; readonly label: string; readonly says: string } | null
}

interface RowProps {
  readonly line: ShownApproval
  /** Whether it is picked; undefined where nothing is answered together. */
  readonly picked: boolean | undefined
  readonly rejecting: boolean
  readonly approve: ReturnType<typeof useCommand>
  readonly reject: ReturnType<typeof useCommand>
  onPick(): void
  onApprove(): void
  onRejecting(): void
  onKeep(): void
}

/** One thing that waits: what, how much, who asked, which rule caught it, what is known of it, and the two answers. */
export function ApprovalRow({ line, picked, rejecting, approve, reject, onPick, onApprove, ...row }: RowProps) {
  const what = line.amount ? `${line.amount} ${line.currency}` : humanize(line.subjectType).toLowerCase()
  return (
    <li
      data-id={line.id}
      data-row
      tabIndex={-1}
      className="grid grid-cols-[1.5rem_minmax(0,1fr)] border-t border-line py-3 focus:bg-sel"
    >
      {picked === undefined ? (
        <span />
      ) : (
        <input
          type="checkbox"
          className="mt-1 size-3.5 accent-accent"
          checked={picked}
          onChange={onPick}
          aria-label={`Pick ${line.summary}`}
        />
      )}
      <div className="min-w-0">
        <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          <span className="inline-block font-medium first-letter:uppercase">{line.summary}</span>
          {line.amount ? (
            <span className="num text-md">
              {line.amount} <span className="text-sm text-muted">{line.currency}</span>
            </span>
          ) : null}
        </div>
        <About line={line} />
        <p className="text-sm">
          {line.ruleWhy}{' '}
          <span className="text-muted">
            Policy {line.rule}
            {line.amount ? `; weighed ${line.weighed} with what went before` : ''}.
          </span>
        </p>
        {line.answers.map((answer) => (
          <p key={answer.who + answer.at} className="text-sm text-muted">
            {answer.who} {answer.decision} it{answer.reason ? `: ${answer.reason}` : ''}
          </p>
        ))}
        {line.open ? (
          <div className="mt-2 flex flex-wrap items-center gap-2">
            <button type="button" className="control primary" disabled={approve.busy} onClick={onApprove}>
              Approve {what}
            </button>
            {rejecting ? (
              <Rejection id={line.id} reject={reject} keep={row.onKeep} />
            ) : (
              <button type="button" className="control" onClick={row.onRejecting}>
                Reject
              </button>
            )}
            {rejecting && reject.refusal ? <p role="alert">{reject.refusal.message}</p> : null}
          </div>
        ) : (
          <p className="mt-1 text-sm text-muted">{line.state === 'open' ? line.why : humanize(line.state)}</p>
        )}
      </div>
    </li>
  )
}

function About({ line }: { line: ShownApproval }) {
  const evidence =
    line.evidence === 0
      ? 'No evidence is kept'
      : line.evidence === 1
        ? '1 file of evidence'
        : `${line.evidence} files of evidence`
  return (
    <>
      <p className="text-sm text-muted">
        {humanize(line.subjectType)}
        {line.rmaId ? (
          <>
            {' in '}
            <a className="link" href={`/returns/${encodeURIComponent(line.rmaId)}`}>
              {line.rmaId}
            </a>
          </>
        ) : null}
        . Asked by {line.requestedBy}, {line.asked}. Due {line.due}.
        {line.look ? (
          <>
            {' '}
            <a className="link" href={line.look.href}>
              {line.look.label}
            </a>
          </>
        ) : null}
      </p>
      {line.trial ? (
        <p className="text-sm">
          {line.trial.says}{' '}
          <a className="link" href={line.trial.href}>
            {line.trial.label}
          </a>
        </p>
      ) : null}
      {line.facts.length > 0 ? (
        <p className="text-sm">
          {line.facts.join('; ')}. <span className="text-muted">{evidence}.</span>
        </p>
      ) : null}
    </>
  )
}

function Rejection({ id, reject, keep }: { id: string; reject: RowProps['reject']; keep: () => void }) {
  const form = useRef<HTMLFormElement>(null)
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === 'Escape') keep()
  })
  // The person has just asked to say why; Esc takes that back.
  useEffect(() => {
    const own = form.current
    own?.querySelector('input')?.focus()
    own?.addEventListener('keydown', onKey)
    return () => own?.removeEventListener('keydown', onKey)
  }, [])
  return (
    <form
      ref={form}
      className="flex grow flex-wrap gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        void reject.run({ ids: [id], reason: String(new FormData(event.currentTarget).get('reason') ?? '') })
      }}
    >
      <input
        name="reason"
        aria-label="Why it is rejected"
        placeholder="Why"
        required
        minLength={3}
        maxLength={500}
        className="min-w-40 grow rounded border border-field bg-bg px-2 py-1 text-sm"
      />
      <button type="submit" className="control" disabled={reject.busy}>
        {reject.busy ? 'Sending' : 'Reject'}
      </button>
      <button type="button" className="control border-transparent text-muted" onClick={keep}>
        Close
      </button>
    </form>
  )
}
