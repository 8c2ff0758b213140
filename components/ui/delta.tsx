import type { ReactNode } from 'react'

/** The direction of a change, drawn: the letter font has no triangles. Always beside a word, never alone. */
export function Arrow({ up }: { up: boolean }) {
  return (
    <svg viewBox="0 0 8 8" className="mark inline-block size-2 shrink-0" aria-hidden="true">
      <path d={up ? 'M4 1 7.5 7h-7z' : 'M4 7 .5 1h7z'} fill="currentColor" />
    </svg>
  )
}

const TONE = { better: 'text-better', worse: 'text-worse', same: 'text-muted', neither: 'text-muted' } as const
const WORD = { better: 'better', worse: 'worse', same: 'unchanged', neither: '' } as const

export type Verdict = keyof typeof TONE

/** What reads like no change is called none, whatever lies behind its last digit: never "0.0 pp worse". */
export const asRead = (verdict: Verdict, text: string, none: string): Verdict => (text === none ? 'same' : verdict)

/** "▲ 1.1 pp worse": size without sign, arrow for the direction, a word for what it means. Never colour alone. */
export function Delta({
  up,
  size,
  verdict,
  title,
  children,
}: {
  up: boolean
  size: string
  verdict: Verdict
  title?: string
  children?: ReactNode
}) {
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${TONE[verdict]}`} title={title}>
      {verdict === 'same' ? null : <Arrow up={up} />}
      <span className="sr-only">{verdict === 'same' ? '' : up ? 'up' : 'down'}</span>
      {verdict === 'same' ? null : <span className="num">{size}</span>}
      {WORD[verdict] ? <span>{WORD[verdict]}</span> : null}
      {children}
    </span>
  )
}
