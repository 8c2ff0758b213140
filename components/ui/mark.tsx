/** The sign: a way out and the way back. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} className="mark shrink-0" aria-hidden="true">
      <path
        d="M2 4.5h10.5a5 5 0 0 1 0 10H6.5"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="2.5"
        strokeLinecap="square"
      />
      <path d="M8 10.2v8.6L2.6 14.5z" fill="var(--accent)" />
    </svg>
  )
}
