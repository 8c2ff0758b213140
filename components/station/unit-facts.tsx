import type { NextUnit } from '@/lib/workflow/read/station-types'
import type { Mode } from './inspection'

const words = (code: string): string => code.replaceAll('_', ' ')

/** What is in the hands: what it should be, what the customer said, and why it comes now. */
export function UnitFacts({ next: { unit, reason }, mode }: { next: NextUnit; mode: Mode }) {
  return (
    <section aria-label="Unit" className="grid gap-1">
      <p className="st-title">
        {unit.quantity > 1 ? `${unit.quantity} × ` : ''}
        {unit.name}
        {unit.size ? `, ${unit.size}` : ''}
      </p>
      <p className="st-muted">
        {unit.id}, {unit.sku}. Next because: {reason}.
      </p>
      <dl className="st-facts pt-2">
        <dt>Customer said</dt>
        <dd>
          {unit.reason ? words(unit.reason) : 'nothing'}
          {unit.comment ? `: “${unit.comment}”` : ''}
        </dd>
        <dt>Received</dt>
        <dd>{unit.received ?? 'not yet'}</dd>
        {unit.restricted ? (
          <>
            <dt>Restricted</dt>
            <dd className="st-warn">{unit.restricted}</dd>
          </>
        ) : null}
        {mode === 'decide' ? (
          <>
            <dt>Found</dt>
            <dd>
              grade {unit.condition}, {words(unit.finding)}
              {unit.inspected ? `, ${unit.inspected}` : ''}
            </dd>
          </>
        ) : null}
      </dl>
    </section>
  )
}
