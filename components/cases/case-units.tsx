import { humanize } from '@/lib/format'
import { REASONS } from '@/lib/returns/codes'
import type { CaseUnit, CaseView } from '@/lib/workflow/read/case-types'
import { ActionForm } from '../actions/action-form'
import { StatusWord } from '../actions/status-word'

type Minute = (iso: string) => string
type Name = (dimension: string, value: string) => string

/** The units of a return: where each is, what the customer said, what was found, and what becomes of it. */
export function CaseUnits({ view, minute, name }: { view: CaseView; minute: Minute; name: Name }) {
  return (
    <section aria-labelledby="units">
      <h2 id="units" className="mb-2 text-md">
        Units
      </h2>
      <ul>
        {view.units.map((unit) => (
          <li key={unit.id} id={unit.id} className="border-t border-line py-2.5 target:bg-sel">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">
                {unit.name || unit.sku || 'Unknown item'}
                <span className="ml-2 font-normal text-muted">
                  {unit.quantity > 1 ? `${unit.quantity} × ` : ''}
                  {unit.name ? unit.sku : ''}
                </span>
              </span>
              {unit.split ? (
                <span className="text-sm text-muted">Split into parts</span>
              ) : (
                <StatusWord status={unit.status} />
              )}
            </div>
            <dl className="mt-1 grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 text-sm lg:grid-cols-[7rem_minmax(0,1fr)_7rem_minmax(0,1fr)]">
              {factsOf(unit, minute, name).map(([label, value, tone]) => (
                <div key={label} className="contents">
                  <dt className="text-muted">{label}</dt>
                  <dd className={`min-w-0 break-words ${tone ?? ''}`}>{value}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      {view.unmatched ? <Matches view={view} /> : null}
    </section>
  )
}

type Fact = readonly [label: string, value: string, tone?: string]

function factsOf(unit: CaseUnit, minute: Minute, name: Name): Fact[] {
  const facts: (Fact | false)[] = [
    ['Unit', unit.id],
    unit.value !== '0.00' && ['Paid', `${unit.value} ${unit.currency}`, 'num'],
    unit.reason !== '' && ['Reason', `${humanize(unit.reason)}${unit.comment ? `: “${unit.comment}”` : ''}`],
    unit.facility !== '' && [
      'Facility',
      `${name('facility', unit.facility)}${unit.location ? `, ${unit.location}` : ''}`,
    ],
    unit.tracking !== '' && ['Parcel', `${unit.carrier} ${unit.tracking}`],
    unit.expectedAt !== null && unit.condition === '' && ['Expected', minute(unit.expectedAt)],
    unit.received > 0 && unit.received !== unit.quantity && ['Received', `${unit.received} of ${unit.quantity}`],
    unit.condition !== '' && [
      'Condition',
      `${unit.condition}${unit.finding ? `, ${humanize(unit.finding).toLowerCase()}` : ''}`,
    ],
    unit.disposition !== '' && [
      'Decided',
      `${humanize(unit.disposition)}${unit.overridden ? ', against the rule' : ''}${unit.ruleRow ? ` (row ${unit.ruleRow})` : ''}`,
    ],
    unit.serial !== '' && [
      'Serial',
      `${unit.serial}${unit.serialMatch === false ? ', not the one that was sold' : ''}`,
      unit.serialMatch === false ? 'text-worse' : '',
    ],
    unit.lot !== '' && ['Lot', unit.lot],
    unit.goodsClass !== 'none' && unit.goodsClass !== '' && ['Goods class', humanize(unit.goodsClass)],
    ['Since', minute(unit.statusAt)],
  ]
  return facts.filter((fact): fact is Fact => fact !== false)
}

/** What an unmatched unit may be, likeliest first, each with the way to say so. */
function Matches({ view }: { view: CaseView }) {
  const [unit] = view.units
  const may = view.actions.some(({ command, why }) => command === 'unit.match' && why === null)
  if (!unit || !may) return null
  return (
    <div className="mt-3 border-t border-line pt-2">
      <h3 className="mb-1 text-sm">What it may be</h3>
      {view.matches.length === 0 ? (
        <p className="text-sm text-muted">
          Nothing that is expected fits what is known of it. Its serial, an order number or a tracking number would tell
          more.
        </p>
      ) : null}
      <ul>
        {view.matches.map((match) => (
          <li key={match.orderLineId} className="border-t border-line py-2 text-sm">
            <p>
              {match.name}, order {match.orderId}
              {match.rmaId ? (
                <>
                  , return{' '}
                  <a className="link" href={`/returns/${encodeURIComponent(match.rmaId)}`}>
                    {match.rmaId}
                  </a>
                </>
              ) : null}{' '}
              <span className="num text-muted">{match.score} of 100</span>
            </p>
            <p className="mb-1 text-muted">{match.because.join(', ')}</p>
            <ActionForm
              command="unit.match"
              title={match.unitId ? `It is ${match.unitId}` : 'Return it from this order'}
              button="Match it"
              given={{
                unitId: unit.id,
                ...(match.unitId ? { expectedUnitId: match.unitId } : { orderLineId: match.orderLineId }),
              }}
              fields={
                match.unitId
                  ? []
                  : [
                      {
                        name: 'reason',
                        label: 'Reason',
                        kind: 'select',
                        required: true,
                        options: REASONS.map((value) => ({ value, label: humanize(value) })),
                      },
                    ]
              }
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
