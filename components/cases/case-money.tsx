import { humanize } from '@/lib/format'
import type { CaseSettlement, CaseView, SettlementPreview } from '@/lib/workflow/read/case-types'
import { StatusWord } from '../actions/status-word'
import { ChargebackAnswer, Replacement, StoreCredit } from './case-money-parts'

/** The money of a return: what was captured and is left, every settlement step by step, what is due now, and the policy row that says so. */
export function CaseMoney({ view, minute }: { view: CaseView; minute: (iso: string) => string }) {
  const { payment, policy } = view
  const due = view.previews.filter(({ why }) => why === '')
  return (
    <section aria-labelledby="money">
      <h2 id="money" className="mb-2 text-md">
        Money
      </h2>
      {payment ? (
        <p className="num border-t border-line py-2 text-sm max-sm:whitespace-normal">
          Captured {payment.captured} − given {payment.given}
          {payment.reserved === '0.00' ? '' : ` − on its way ${payment.reserved}`} = <strong>{payment.left}</strong>{' '}
          {payment.currency} left
          {payment.over ? (
            <span className="ml-2 text-worse">{payment.over} above the capture was paid elsewhere</span>
          ) : null}
        </p>
      ) : (
        <p className="border-t border-line py-2 text-sm text-muted">What was captured for this order is not known.</p>
      )}
      {policy.row ? (
        <details className="border-t border-line py-2 text-sm">
          <summary className="cursor-pointer">
            Policy <span className="link">row {policy.row}</span>
            <span className="text-muted">{policy.version ? `, version ${policy.version}` : ''}</span>
          </summary>
          {policy.explanation.length > 0 ? (
            <ul className="mt-1 list-disc pl-5 text-muted">
              {policy.explanation.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          ) : (
            <p className="mt-1 text-muted">
              It was decided by the system that asked for the return, which told the row.
            </p>
          )}
        </details>
      ) : null}
      <ul>
        {view.settlements.map((each) => (
          <Settlement key={each.id} settlement={each} minute={minute} />
        ))}
        {due.map((preview) => (
          <Due key={preview.unitId} preview={preview} several={view.units.length > 1} />
        ))}
      </ul>
      {view.credit ? <StoreCredit credit={view.credit} customerId={view.customerId} minute={minute} /> : null}
      {view.approvals.some(({ state }) => state === 'open') ? (
        <ul className="text-sm">
          {view.approvals
            .filter(({ state }) => state === 'open')
            .map((each) => (
              <li key={each.id} className="border-t border-line py-2">
                <p>
                  {humanize(each.summary)} waits for <strong className="font-medium">{each.missing}</strong> until{' '}
                  {minute(each.expiresAt)}
                </p>
                <p className="text-muted">
                  {each.why} Asked by {each.requestedBy}.{' '}
                  <a className="link" href={`/approvals#${each.id}`}>
                    Approvals
                  </a>
                </p>
              </li>
            ))}
        </ul>
      ) : null}
      {view.costs.length > 0 ? (
        <details className="border-t border-line py-2 text-sm">
          <summary className="cursor-pointer">
            <span className="link">{view.costs.length} costs</span> of this return
          </summary>
          <dl className="mt-1 grid max-w-sm grid-cols-[1fr_auto] gap-x-4">
            {view.costs.map((cost) => (
              <div key={cost.id} className="contents">
                <dt className="text-muted">{humanize(cost.kind)}</dt>
                <dd className="num text-right">
                  {cost.amount} {cost.currency}
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  )
}

const zero = (amount: string): boolean => amount === '' || Number(amount) === 0

function Settlement({ settlement: each, minute }: { settlement: CaseSettlement; minute: (iso: string) => string }) {
  return (
    <li id={each.id} className="border-t border-line py-2 text-sm target:bg-sel">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span>
          {humanize(each.kind)} of{' '}
          <strong className="num">
            {each.amount} {each.currency}
          </strong>
        </span>
        <StatusWord status={each.state} />
      </div>
      <p className="num text-muted max-sm:whitespace-normal">
        {zero(each.entitled) ? '' : `Due ${each.entitled}`}
        {zero(each.fee) ? '' : ` − fee ${each.fee}`}
        {zero(each.deduction) ? '' : ` − kept for its condition ${each.deduction}`}
        {each.replacement ? ` − paid for the replacement ${each.replacement.applied}` : ''}
        {zero(each.entitled) || (zero(each.fee) && zero(each.deduction) && !each.replacement)
          ? ''
          : ` = ${each.amount}`}
      </p>
      {each.replacement ? (
        <Replacement replacement={each.replacement} currency={each.currency} minute={minute} />
      ) : null}
      <p className="text-muted">
        {[
          each.external ? 'Decided and told by an outside system' : '',
          each.proposedBy ? `Proposed by ${each.proposedBy}` : '',
          each.approvedBy ? `approved by ${each.approvedBy}` : '',
          each.policyRow && each.policyRow !== 'none'
            ? `policy row ${each.policyRow}${each.policyVersion ? `, version ${each.policyVersion}` : ''}`
            : '',
          each.method === 'original'
            ? 'to the original payment'
            : each.method
              ? `by ${humanize(each.method).toLowerCase()}`
              : '',
        ]
          .filter(Boolean)
          .join(', ')}
        {each.release && each.state === 'approved' ? `. Goes ${humanize(each.release).toLowerCase()}` : ''}
      </p>
      {each.waitsFor ? <p className="text-warn">{each.waitsFor}</p> : null}
      {each.error ? <p className="text-worse">{each.error}</p> : null}
      {each.kind === 'chargeback' ? <ChargebackAnswer settlement={each} minute={minute} /> : null}
    </li>
  )
}

/** What would be given now, and how the customer reads it. */
function Due({ preview, several }: { preview: SettlementPreview; several: boolean }) {
  const kept = [
    zero(preview.fee) ? '' : `a fee of ${preview.fee} ${preview.currency}`,
    zero(preview.deduction) ? '' : `${preview.deduction} ${preview.currency} for its condition`,
  ].filter(Boolean)
  return (
    <li className="border-t border-line py-2 text-sm">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span>
          Due now{several ? ` for ${preview.unitId}` : ''}:{' '}
          <strong className="num">
            {preview.replacement && zero(preview.amount)
              ? preview.replacement
              : `${preview.amount} ${preview.currency}`}
          </strong>
        </span>
        <span className="text-muted">Not proposed yet</span>
      </div>
      <p className="num text-muted max-sm:whitespace-normal">
        Paid {preview.entitled}
        {zero(preview.fee) ? '' : ` − fee ${preview.fee}`}
        {zero(preview.deduction) ? '' : ` − kept for its condition ${preview.deduction}`}
        {zero(preview.withheld) ? '' : ` − given back before ${preview.withheld}`}
        {preview.replacement ? ` − ${preview.replacement} at ${preview.value}` : ''} = {preview.amount}
        {zero(preview.due) ? '' : `, the customer pays ${preview.due} on top`}
        {preview.row ? ` (policy row ${preview.row})` : ''}
      </p>
      <p className="text-muted">
        The customer reads: “You get{' '}
        {preview.replacement ? `${preview.replacement}${zero(preview.amount) ? '' : ' and '}` : ''}
        {preview.replacement && zero(preview.amount) ? '' : `${preview.amount} ${preview.currency}`}
        {kept.length > 0 ? `, which is ${preview.entitled} less ${kept.join(' and ')}` : ''}.”
      </p>
    </li>
  )
}

/** Supplier claims of the units, for whoever may see claims. */
export function CaseClaims({ view, minute }: { view: CaseView; minute: (iso: string) => string }) {
  if (!view.claims || view.claims.length === 0) return null
  return (
    <section aria-labelledby="claims">
      <h2 id="claims" className="mb-2 text-md">
        Supplier claims
      </h2>
      <ul>
        {view.claims.map((claim) => (
          <li key={claim.id} className="border-t border-line py-2 text-sm">
            <div className="flex flex-wrap justify-between gap-x-4">
              <span>
                <a className="link" href={`/claims?claim=${encodeURIComponent(claim.id)}`}>
                  {claim.id}
                </a>{' '}
                <span className="text-muted">{claim.supplierId}</span>
              </span>
              <StatusWord status={claim.state} />
            </div>
            <p className="num text-muted max-sm:whitespace-normal">
              Asked {claim.amount}
              {zero(claim.accepted) ? '' : `, accepted ${claim.accepted}`}
              {zero(claim.recovered) ? '' : `, recovered ${claim.recovered}`} {claim.currency}
              {claim.windowUntil && claim.state === 'opened' ? `. Window until ${minute(claim.windowUntil)}` : ''}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}
