'use client'
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import { formatUnits, parseAmount } from '@/lib/money'
import type { ClaimStage } from '@/lib/returns/claims'
import { ActionDialog } from './action-dialog'
import { ACTION_WORDS, sumsOf } from './action-words'
import { ACTIONS_AT, type ClaimAction, type Picked } from './claims-view'

const NOTHING: Picked = { ids: [], suppliers: [], sums: {} }

/** The list of a stage, in which claims are picked, and what can be done with those picked. The list itself comes from the server. */
export function ClaimsWork({ stage, children }: { stage: ClaimStage; children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null)
  const [picked, setPicked] = useState<Picked>(NOTHING)
  const [acting, setActing] = useState<{ action: ClaimAction; picked: Picked } | null>(null)

  const change = useEffectEvent((event: Event) => {
    const box = event.target
    if (!(box instanceof HTMLInputElement)) return
    const section = box.closest('[data-supplier]')
    if (box.name === 'pick-all' && section) for (const each of boxes(section)) each.checked = box.checked
    setPicked(read(boxes(list.current)))
  })
  const click = useEffectEvent((event: Event) => {
    const button = event.target instanceof Element ? event.target.closest('button[data-all]') : null
    const section = button?.closest('[data-supplier]')
    const [action] = ACTIONS_AT[stage]
    if (section && action) setActing({ action, picked: { ...read(boxes(section), true), wholeSupplier: true } })
  })
  // The list is the server's own: its boxes and buttons are heard here, where they bubble to.
  useEffect(() => {
    const abort = new AbortController()
    list.current?.addEventListener('change', change, { signal: abort.signal })
    list.current?.addEventListener('click', click, { signal: abort.signal })
    return () => abort.abort()
  }, [])

  function clear() {
    for (const box of boxes(list.current)) box.checked = false
    for (const box of list.current?.querySelectorAll<HTMLInputElement>('input[name="pick-all"]') ?? [])
      box.checked = false
    setPicked(NOTHING)
  }

  function done() {
    setActing(null)
    clear()
  }

  return (
    <>
      <div ref={list}>{children}</div>
      {picked.ids.length > 0 ? (
        <div className="noprint sticky bottom-0 z-10 -mx-[var(--gutter)] flex flex-wrap items-center gap-2 border-t border-field bg-bg px-[var(--gutter)] py-2 max-sm:bottom-14">
          <output aria-live="polite" className="num mr-2 text-sm font-medium">
            {picked.ids.length} picked: {sumsOf(picked)}
          </output>
          {ACTIONS_AT[stage].map((action, index) => (
            <button
              key={action}
              type="button"
              className={index === 0 ? 'control primary' : 'control'}
              disabled={action === 'write_off' && picked.ids.length > 1}
              title={action === 'write_off' && picked.ids.length > 1 ? 'One claim at a time' : undefined}
              onClick={() => setActing({ action, picked })}
            >
              {ACTION_WORDS[action].button}
            </button>
          ))}
          <button type="button" className="control border-transparent text-muted" onClick={clear}>
            Clear
          </button>
        </div>
      ) : null}
      {acting ? <ActionDialog {...acting} onDone={done} onClose={() => setActing(null)} /> : null}
    </>
  )
}

/** The same actions for one claim, in its panel. */
export function ClaimActions({ actions, picked }: { actions: readonly ClaimAction[]; picked: Picked }) {
  const [acting, setActing] = useState<ClaimAction | null>(null)
  return (
    <div className="flex flex-wrap gap-2">
      {actions.map((action, index) => (
        <button
          key={action}
          type="button"
          className={index === 0 ? 'control primary' : 'control'}
          onClick={() => setActing(action)}
        >
          {ACTION_WORDS[action].button}
        </button>
      ))}
      {acting ? (
        <ActionDialog action={acting} picked={picked} onDone={() => setActing(null)} onClose={() => setActing(null)} />
      ) : null}
    </div>
  )
}

const boxes = (inside: Element | null): HTMLInputElement[] =>
  inside ? [...inside.querySelectorAll<HTMLInputElement>('input[name="pick"]')] : []

function read(all: readonly HTMLInputElement[], whole = false): Picked {
  const chosen = whole ? all : all.filter(({ checked }) => checked)
  const sums = new Map<string, bigint>()
  for (const { dataset } of chosen) {
    const { currency = '', amount = '0' } = dataset
    sums.set(currency, (sums.get(currency) ?? 0n) + (parseAmount(amount) ?? 0n))
  }
  const [only] = chosen
  return {
    ids: chosen.map(({ value }) => value),
    suppliers: [...new Set(chosen.map(({ dataset }) => dataset.supplier ?? ''))],
    sums: Object.fromEntries([...sums].map(([currency, sum]) => [currency, formatUnits(sum, 2)])),
    ...(chosen.length === 1 && only?.dataset.amount ? { amount: only.dataset.amount } : {}),
  }
}
