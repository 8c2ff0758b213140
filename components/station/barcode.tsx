import { bars128, QUIET_ZONE } from '@/lib/scan/code128'

/** A Code 128 barcode as a drawing that scales without loss, quiet zones included. Always black on white: that is what scanners read. */
export function Barcode({ text, height, label }: { text: string; height: number; label: string }) {
  const drawn = bars128(text)
  if (!drawn) return <p>{text}</p>
  const width = drawn.width + 2 * QUIET_ZONE
  const path = drawn.bars.map(([at, wide]) => `M${at + QUIET_ZONE} 0h${wide}v${height}h-${wide}z`).join('')
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      className="mark block w-full"
      role="img"
      aria-label={label}
      data-barcode={text}
    >
      <rect width={width} height={height} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
