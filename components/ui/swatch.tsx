/** A colour's sample beside a word in ink: words themselves never take a series colour. */
export function Swatch({ color, line }: { color: string; line?: 'solid' | 'dashed' | 'band' }) {
  if (line === 'band')
    return (
      <i
        className="mark inline-block h-2.5 w-4 align-[-1px] opacity-25"
        style={{ background: color }}
        aria-hidden="true"
      />
    )
  if (line)
    return (
      <i
        className="mark inline-block w-4 border-t-2 align-middle"
        style={{ borderColor: color, borderTopStyle: line }}
        aria-hidden="true"
      />
    )
  return <i className="mark inline-block size-2.5 rounded-[1px]" style={{ background: color }} aria-hidden="true" />
}
