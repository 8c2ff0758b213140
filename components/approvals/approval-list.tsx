'use client'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { formatUnits, parseAmount } from '@/lib/money'
import { useCommand } from '../actions/use-command'
import { isPageLetter, lettersOff } from '../shell/keys'
import { ApprovalRow, type ShownApproval } from './approval-row'

/**
 * What waits for an answer. Those that one rule caught alike are answered together, never others. Keys: j and k walk, x picks, a approves (all that are
 * picked, or the one), r rejects with a reason.
 */
export function ApprovalList({ lines }: { lines: readonly ShownApproval[] }) {
  const [rejecting, setRejecting] = useState<string | null>(null)
  const [picks, setPicks] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLUListElement>(null)
  const approve = useCommand('approval.approve', () => setPicks(new Set()))
  const reject = useCommand('approval.reject', () => setRejecting(null))
  const picked = lines.filter(({ id, open }) => open && picks.has(id))
  const alike = picked[0]?.alike

  const answer = (of: readonly ShownApproval[]) =>
    void approve.run({ ids: of.map(({ id }) => id), hashes: Object.fromEntries(of.map(({ id, hash }) => [id, hash])) })
  /** Whether a line may be picked now: with nothing picked, or with its own like. */
  const pickable = (line: ShownApproval) => line.open && line.alike !== '' && (!alike || line.alike === alike)
  const pick = (line: ShownApproval) => {
    if (!pickable(line)) return
    setPicks((before) => {
      const next = new Set(before)
      if (!next.delete(line.id)) next.add(line.id)
      return next
    })
  }
  /** Goes back to the line without an answer. */
  const keep = (id: string) => {
    setRejecting(null)
    reject.clear()
    list.current?.querySelector<HTMLElement>(`li[data-id="${id}"]`)?.focus()
  }
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || lettersOff() || isPageLetter()) return
    if (event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), textarea, select'))
      return
    const items = [...(list.current?.querySelectorAll<HTMLLIElement>('li[data-id]') ?? [])]
    const at = items.findIndex((item) => item.contains(document.activeElement))
    const current = lines.find(({ id }) => id === items[at]?.dataset.id)
    if (!current?.open) return
    if (event.key === 'x') pick(current)
    if (event.key === 'a') answer(picked.length > 0 ? picked : [current])
    if (event.key === 'r') {
      event.preventDefault()
      setRejecting(current.id)
    }
  })
  // Heard where the line in focus is: another list on the page has its own, and `g a` opens a page.
  useEffect(() => {
    const own = list.current
    const hear = (event: KeyboardEvent) => onKey(event)
    own?.addEventListener('keydown', hear)
    return () => own?.removeEventListener('keydown', hear)
  }, [])
  return (
    <>
      {approve.refusal ? (
        <p role="alert" className="mb-2 border-l-2 border-worse pl-2 text-sm">
          {approve.refusal.message}
        </p>
      ) : null}
      <ul ref={list} data-rows>
        {lines.map((line) => (
          <ApprovalRow
            key={line.id}
            line={line}
            picked={pickable(line) ? picks.has(line.id) : undefined}
            rejecting={rejecting === line.id}
            approve={approve}
            reject={reject}
            onPick={() => pick(line)}
            onApprove={() => answer([line])}
            onRejecting={() => setRejecting(line.id)}
            onKeep={() => keep(line.id)}
          />
        ))}
      </ul>
      {picked.length > 0 ? (
        <div className="noprint sticky bottom-0 z-10 -mx-[var(--gutter)] flex flex-wrap items-center gap-2 border-t border-field bg-bg px-[var(--gutter)] py-2 max-sm:bottom-14">
          <output aria-live="polite" className="mr-2 text-sm">
            {picked.length} picked, all by the rule <b className="font-medium">{picked[0]?.rule}</b>
          </output>
          <button type="button" className="control primary" disabled={approve.busy} onClick={() => answer(picked)}>
            Approve {picked.length}, {sumOf(picked)}
          </button>
          <button
            type="button"
            className="control"
            onClick={() => setPicks(new Set(lines.filter(pickable).map(({ id }) => id)))}
          >
            Pick all alike
          </button>
          <button type="button" className="control border-transparent text-muted" onClick={() => setPicks(new Set())}>
            Clear
          </button>
        </div>
      ) : null}
    </>
  )
}

/** Those that are answered together are of one currency. */
const sumOf = (picked: readonly ShownApproval[]): string =>
  `${formatUnits(
    picked.reduce((sum, { amount }) => sum + (parseAmount(amount) ?? 0n), 0n),
    2,
  )} ${picked[0]?.currency ?? ''}`
