'use client'
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import { humanize } from '@/lib/format'
import { formatUnits, parseAmount } from '@/lib/money'
import { ActionForm } from '../actions/action-form'

interface Picked {
  readonly ids: readonly string[]
  readonly kinds: readonly string[]
  /** Outcomes that every one of them can have. */
  readonly resolutions: readonly string[]
  readonly sums: readonly string[]
}

const NOTHING: Picked = { ids: [], kinds: [], resolutions: [], sums: [] }

/** The list from the server, in which exceptions are picked, and the one outcome that ends all that are picked. */
export function ExceptionWork({ children }: { children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null)
  const [picked, setPicked] = useState<Picked>(NOTHING)
  const change = useEffectEvent((event: Event) => {
    if (event.target instanceof HTMLInputElement && event.target.name === 'pick') setPicked(read(list.current))
  })
  // The list is the server's own: its boxes are heard here, where they bubble to. Rows that went with a resolution are picked no more.
  useEffect(() => {
    const root = list.current
    if (!root) return
    const abort = new AbortController()
    root.addEventListener('change', change, { signal: abort.signal })
    const gone = new MutationObserver(() => setPicked((before) => (before.ids.length > 0 ? read(root) : before)))
    gone.observe(root, { childList: true, subtree: true })
    return () => {
      abort.abort()
      gone.disconnect()
    }
  }, [])
  function clear() {
    for (const box of boxes(list.current)) box.checked = false
    setPicked(NOTHING)
  }
  return (
    <>
      <div ref={list}>{children}</div>
      {picked.ids.length > 0 ? (
        <div className="noprint sticky bottom-0 z-10 -mx-[var(--gutter)] flex flex-wrap items-center gap-2 border-t border-field bg-bg px-[var(--gutter)] py-2 max-sm:bottom-14">
          <output aria-live="polite" className="num mr-2 text-sm font-medium">
            {picked.ids.length} picked{picked.sums.length > 0 ? `: ${picked.sums.join(', ')}` : ''}
          </output>
          {picked.resolutions.length > 0 ? (
            <ActionForm
              key={picked.ids.join()}
              command="exception.resolve"
              title={`Resolve ${picked.ids.length}`}
              button={`Resolve ${picked.ids.length} with this outcome`}
              given={{ ids: picked.ids }}
              fields={[
                {
                  name: 'resolution',
                  label: 'Outcome',
                  kind: 'select',
                  required: true,
                  options: picked.resolutions.map((value) => ({ value, label: humanize(value) })),
                },
                { name: 'note', label: 'Note', kind: 'long' },
              ]}
            />
          ) : (
            <span className="text-sm text-muted">
              {picked.kinds.join(' and ')} have no outcome in common: resolve them apart.
            </span>
          )}
          <button type="button" className="control border-transparent text-muted" onClick={clear}>
            Clear
          </button>
        </div>
      ) : null}
    </>
  )
}

const boxes = (inside: Element | null): HTMLInputElement[] =>
  inside ? [...inside.querySelectorAll<HTMLInputElement>('input[name="pick"]')] : []

function read(root: Element | null): Picked {
  const chosen = boxes(root).filter(({ checked }) => checked)
  const [first, ...rest] = chosen.map(({ dataset }) => (dataset.resolutions ?? '').split(' ').filter(Boolean))
  const sums = new Map<string, bigint>()
  for (const { dataset } of chosen)
    if (dataset.amount && dataset.currency)
      sums.set(dataset.currency, (sums.get(dataset.currency) ?? 0n) + (parseAmount(dataset.amount) ?? 0n))
  return {
    ids: chosen.map(({ value }) => value),
    kinds: [...new Set(chosen.map(({ dataset }) => dataset.kind ?? ''))],
    resolutions: (first ?? []).filter((each) => rest.every((others) => others.includes(each))),
    sums: [...sums].map(([currency, sum]) => `${formatUnits(sum, 2)} ${currency}`),
  }
}
