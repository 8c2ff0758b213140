import type { Cell } from './table-types'

const MARK = { better: 'bg-better', worse: 'bg-worse', warn: 'bg-warn', plain: 'bg-field' } as const
const TONE = { better: 'text-better', worse: 'text-worse', muted: 'text-muted' } as const

/** What stands in a cell: text, a link, and for a contribution its bar. */
export function CellContent({ cell }: { cell: Cell | undefined }) {
  if (!cell) return null
  const text = (
    <span
      className={`${cell.tone ? TONE[cell.tone] : ''} ${cell.clip ? 'inline-block max-w-44 truncate align-bottom' : ''}`}
      title={cell.title ?? (cell.clip ? cell.text : undefined)}
    >
      {cell.mark ? (
        <i
          className={`mark mr-1.5 inline-block size-1.5 rounded-full align-middle ${MARK[cell.mark]}`}
          aria-hidden="true"
        />
      ) : null}
      {cell.text}
    </span>
  )
  const words = cell.href ? (
    <a className="link" href={cell.href}>
      {text}
    </a>
  ) : (
    text
  )
  if (cell.note) {
    return (
      <>
        {words}
        <span className="block max-w-36 truncate text-2xs text-muted sm:hidden">{cell.note}</span>
      </>
    )
  }
  if (cell.detail) {
    return (
      <>
        {words}
        <span
          className="inline-block max-w-28 truncate pl-2 align-bottom text-muted max-sm:block max-sm:max-w-32 max-sm:pl-0 max-sm:text-2xs"
          title={cell.detail}
        >
          {cell.detail}
        </span>
      </>
    )
  }
  if (cell.bar === undefined) return words
  return (
    <span className="inline-flex items-center justify-end gap-3">
      <Bar share={cell.bar} />
      <span className="min-w-12">{words}</span>
    </span>
  )
}

/** Right of the middle line for more, left of it for less: the side says it, not the colour alone. */
function Bar({ share }: { share: number }) {
  const width = Math.min(Math.abs(share), 1) * 50
  return (
    <span className="relative h-2.5 w-20 max-sm:w-8" aria-hidden="true">
      <span className="absolute -inset-y-1 left-1/2 w-px bg-line" />
      <span
        className={`mark absolute inset-y-0 ${share > 0 ? 'bg-worse' : 'bg-better'}`}
        style={share > 0 ? { left: '50%', width: `${width}%` } : { right: '50%', width: `${width}%` }}
      />
    </span>
  )
}
