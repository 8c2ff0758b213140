import { humanize } from '@/lib/format'
import type { PreviewLine } from '@/lib/workflow/read/orders-types'

const RELEASES: Readonly<Record<string, string>> = {
  at_once: 'paid at once',
  on_scan: 'paid when the carrier has scanned it',
  on_receipt: 'paid when it is received',
  on_inspection: 'paid when it is inspected',
  manual: 'paid when a person releases it',
}

/** What the policy says of a line: what the customer gets, when, where it goes, and the row that decided. */
export function PreviewOfLine({ line }: { line: PreviewLine }) {
  if (line.fault)
    return (
      <p className="mt-1 border-l-2 border-worse pl-2 text-sm">
        {line.fault} {line.note}
      </p>
    )
  const fee = Number(line.fee) === 0 ? '' : ` after a fee of ${line.fee}`
  return (
    <div className="mt-1 border-l-2 border-accent pl-2 text-sm">
      <p>
        <span className="num font-medium">
          {line.refund} {line.currency}
        </span>
        {fee}, {RELEASES[line.release] ?? humanize(line.release)},{' '}
        {line.method === 'original' ? 'to the original payment' : `as ${humanize(line.method).toLowerCase()}`}.{' '}
        {line.facility ? `It goes to ${humanize(line.facility)}. ` : ''}
        {line.decided ? 'Authorized at once.' : 'A person decides about it.'}
      </p>
      <details className="text-xs text-muted">
        <summary className="cursor-pointer">
          {line.note} Policy version {line.version}, row {line.row || 'none'}.
        </summary>
        <ul className="mt-1 list-disc pl-4">
          {[...new Set(line.explanation)].map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}
