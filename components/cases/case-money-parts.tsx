import { humanize } from '@/lib/format'
import type { CaseCredit, CaseReplacement, CaseSettlement } from '@/lib/workflow/read/case-types'

type Minute = (iso: string) => string

const zero = (amount: string): boolean => amount === '' || Number(amount) === 0

const HOW_FAR: Readonly<Record<string, string>> = {
  reserved: 'kept for the customer, not ordered yet',
  ordered: 'ordered, the shop sends it',
  shipped: 'shipped',
  cancelled: 'cancelled',
}

/** The order that an exchange made: which piece, how far it is, and the difference of the prices. */
export function Replacement({
  replacement: each,
  currency,
  minute,
}: {
  replacement: CaseReplacement
  currency: string
  minute: Minute
}) {
  return (
    <p>
      Replacement <span className="num">{each.reference}</span>: {each.quantity} × {each.sku} at{' '}
      <span className="num">
        {each.value} {currency}
      </span>
      , {HOW_FAR[each.state] ?? each.state} <span className="text-muted">{minute(each.at)}</span>
      {zero(each.due) || each.state === 'cancelled' ? null : (
        <span className="num">
          . The customer pays {each.due} {currency} on top
        </span>
      )}
      {each.reason ? <span className="text-muted">. {each.reason}</span> : null}
    </p>
  )
}

/** What was said to a chargeback, and how far that is; nothing said yet is said too. */
export function ChargebackAnswer({ settlement, minute }: { settlement: CaseSettlement; minute: Minute }) {
  const { answer, state } = settlement
  if (state === 'rejected') return <p>The bank gave it back.</p>
  if (!answer) return <p className="text-warn">The bank took it back. Nobody has answered yet.</p>
  return (
    <>
      <p>
        {answer.answer === 'accepted'
          ? 'Accepted'
          : `Disputed with ${answer.documents} ${answer.documents === 1 ? 'document' : 'documents'}`}{' '}
        by {answer.by}, {minute(answer.at)}: {answer.note}
      </p>
      <p className={answer.error ? 'text-worse' : 'text-muted'}>
        {answer.error
          ? `The provider did not take the answer: ${answer.error}`
          : answer.sentAt
            ? `The provider has it since ${minute(answer.sentAt)}.`
            : 'The provider has not taken it yet: where it reports no chargebacks here, tell it there.'}
      </p>
    </>
  )
}

/** What the customer holds in store credit, and what moved it last. */
export function StoreCredit({
  credit,
  customerId,
  minute,
}: {
  credit: CaseCredit
  customerId: string
  minute: Minute
}) {
  return (
    <details className="border-t border-line py-2 text-sm">
      <summary className="cursor-pointer">
        Store credit of {customerId}:{' '}
        <strong className="num">
          {credit.held} {credit.currency}
        </strong>
        {credit.owed ? (
          <span className="ml-2 text-worse">
            {credit.owed} {credit.currency} was spent and taken back since
          </span>
        ) : null}
      </summary>
      <ul className="mt-1">
        {credit.movements.map((each) => (
          <li key={each.id} className="flex flex-wrap justify-between gap-x-4 py-0.5">
            <span>
              {humanize(each.kind)} <span className="text-muted">{each.about}</span>
            </span>
            <span className="num">
              {each.amount} <span className="text-muted">{minute(each.at)}</span>
            </span>
          </li>
        ))}
      </ul>
    </details>
  )
}
