'use client'
import { useEffect, useRef, useState } from 'react'
import { humanize } from '@/lib/format'
import type { ApprovalLine } from '@/lib/workflow/read/approvals-types'
import { useCommand } from '../work/use-command'

interface Shown extends ApprovalLine {
  readonly asked: string
  readonly due: string
}

/** What waits: each row answers what, how much, who asked, and why it needs a yes. Keys j and k walk, a approves, r rejects with a reason. */
export function ApprovalList({ lines }: { lines: readonly Shown[] }) {
  const [rejecting, setRejecting] = useState<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  const approve = useCommand('approval.approve')
  const reject = useCommand('approval.reject', () => setRejecting(null))
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) return
      const items = [...(list.current?.querySelectorAll<HTMLLIElement>('li[data-id]') ?? [])]
      const at = items.indexOf(document.activeElement as HTMLLIElement)
      if (event.key === 'j' || event.key === 'k')
        items[Math.min(items.length - 1, Math.max(0, at + (event.key === 'j' ? 1 : -1)))]?.focus()
      const current = lines.find(({ id }) => id === items[at]?.dataset.id)
      if (!current?.open) return
      if (event.key === 'a') void approve.run({ ids: [current.id], hash: current.hash })
      if (event.key === 'r') {
        event.preventDefault()
        setRejecting(current.id)
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
  return (
    <>
      {approve.refusal ? (
        <p role="alert" className="mb-2 border-l-2 border-worse pl-2 text-sm">
          {approve.refusal.message}
        </p>
      ) : null}
      <ul ref={list}>
        {lines.map((line) => (
          <li key={line.id} data-id={line.id} tabIndex={-1} className="border-t border-line py-3 focus:bg-sel">
            <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
              <span className="inline-block font-medium first-letter:uppercase">{line.summary}</span>
              <span className="num text-md">
                {line.amount} <span className="text-sm text-muted">{line.currency}</span>
              </span>
            </div>
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
            </p>
            <p className="text-sm">
              {line.ruleWhy}{' '}
              <span className="text-muted">
                Policy {line.rule}; weighed {line.weighed} with what went before.
              </span>
            </p>
            {line.answers.map((answer) => (
              <p key={answer.who + answer.at} className="text-sm text-muted">
                {answer.who} {answer.decision} it{answer.reason ? `: ${answer.reason}` : ''}
              </p>
            ))}
            {line.open ? (
              <div className="mt-2 flex flex-wrap items-center gap-2">
                <button
                  type="button"
                  className="control primary"
                  disabled={approve.busy}
                  onClick={() => void approve.run({ ids: [line.id], hash: line.hash })}
                >
                  Approve {line.amount} {line.currency}
                </button>
                {rejecting === line.id ? (
                  <form
                    className="flex grow flex-wrap gap-2"
                    onSubmit={(event) => {
                      event.preventDefault()
                      void reject.run({
                        ids: [line.id],
                        reason: String(new FormData(event.currentTarget).get('reason') ?? ''),
                      })
                    }}
                  >
                    <input
                      name="reason"
                      aria-label="Why it is rejected"
                      placeholder="Why"
                      required
                      minLength={3}
                      className="min-w-40 grow rounded border border-field bg-bg px-2 py-1 text-sm"
                    />
                    <button type="submit" className="control" disabled={reject.busy}>
                      Reject
                    </button>
                  </form>
                ) : (
                  <button type="button" className="control" onClick={() => setRejecting(line.id)}>
                    Reject
                  </button>
                )}
                {rejecting === line.id && reject.refusal ? <p role="alert">{reject.refusal.message}</p> : null}
              </div>
            ) : (
              <p className="mt-1 text-sm text-muted">{line.state === 'open' ? line.why : humanize(line.state)}</p>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
