import type { Panel } from '@/lib/metrics/overview-types'
import type { OpenRisks } from '@/lib/workflow/read/risks-types'
import { href } from '../filters/view-state'
import { type PanelLinks, PanelMessage, Section } from '../ui/panel'
import type { PageContext } from './figure'

export interface RisksAnswer {
  work: Panel<OpenRisks>
  /** Null for whoever may not open rows; its data null when nothing waits. */
  backlog: Panel<{ units: number; days: number; since: string; facility: string; unitId: string } | null> | null
}

interface Risk {
  id: string
  label: string
  figure: string
  words: string
  href: string
  action: string
}

/** As many as there are. */
const COLUMNS = [
  'xl:grid-cols-1 print:grid-cols-1',
  'xl:grid-cols-2 print:grid-cols-2',
  'xl:grid-cols-3 print:grid-cols-3',
  'xl:grid-cols-4 print:grid-cols-4',
]

/** From this on what waits to be decided on is a risk and not the day's work. */
const OLD_DAYS = 7

/** What runs out or stands still if nobody acts, each with the work that ends it. Only what the reader may see. */
export function RisksPart({
  answer,
  context,
  links,
}: {
  answer: RisksAnswer
  context: PageContext
  links: PanelLinks
}) {
  const { work, backlog } = answer
  const risks = [
    ...(work.state === 'ok' ? workRisks(work.data, context) : []),
    ...(backlog?.state === 'ok' ? backlogRisk(backlog.data, context) : []),
  ]
  const looked = [
    ...(work.state === 'ok' ? lookedAt(work.data) : []),
    ...(backlog?.state === 'ok' ? ['the backlog'] : []),
  ]
  const faults = [work, backlog].flatMap((panel) => (panel && panel.state !== 'ok' ? [panel] : []))
  if (risks.length === 0 && faults.length === 0 && looked.length === 0) return null
  return (
    <Section id="risks" title="Open risks" lead={<Lead />}>
      {faults.map((panel) => (
        <PanelMessage key={JSON.stringify(panel)} panel={panel} links={links} small />
      ))}
      {risks.length > 0 ? (
        <ul className={`grid gap-px border-y border-line bg-line sm:grid-cols-2 ${COLUMNS[risks.length - 1]}`}>
          {risks.map((risk) => (
            <li key={risk.id} className="tile max-xl:last:odd:col-span-full" data-risk={risk.id}>
              <h3 className="text-xs font-normal text-muted">{risk.label}</h3>
              <a href={risk.href} className="tile-link" title={risk.action}>
                {risk.figure}
              </a>
              <p className="mt-0.5 text-xs text-muted">{risk.words}</p>
            </li>
          ))}
        </ul>
      ) : faults.length === 0 ? (
        <p className="border-y border-line py-3 text-sm text-muted">
          Nothing runs out and nothing stands still: looked at {looked.join(', ')}.
        </p>
      ) : null}
    </Section>
  )
}

const Lead = () => (
  <p className="mb-2 text-xs text-muted">As of now, of everything that you may see, whatever the filters above.</p>
)

const lookedAt = ({ claims, exceptions, controls }: OpenRisks): string[] => [
  ...(claims ? ['claim windows'] : []),
  ...(exceptions ? ['exceptions'] : []),
  ...(controls ? ['controls'] : []),
]

function workRisks({ claims, exceptions, controls }: OpenRisks, { format, state }: PageContext): Risk[] {
  const risks: Risk[] = []
  if (claims && claims.count > 0) {
    risks.push({
      id: 'claims',
      label: 'Claim windows that end within 7 days',
      figure: format.compactMoney(claims.value),
      words: `${format.count(claims.count)} ${claims.count === 1 ? 'unit' : 'units'} not claimed yet, the first until ${claims.first ? format.dated(claims.first) : 'then'}`,
      href: href('/claims', state),
      action: 'Open the claims',
    })
  }
  if (exceptions && exceptions.count > 0) {
    risks.push({
      id: 'exceptions',
      label: 'Exceptions past due',
      figure: format.count(exceptions.count),
      words: `${exceptions.mine > 0 ? `${format.count(exceptions.mine)} of them yours, ` : ''}the oldest since ${exceptions.since ? format.dated(exceptions.since) : 'long'}`,
      href: href('/exceptions', state, {}, { overdue: '1' }),
      action: 'Open the exceptions',
    })
  }
  if (controls) {
    const { broken, failed, never, count } = controls
    const words = [
      ...(broken.length > 0 ? [`does not hold: ${named(broken)}`] : []),
      ...(failed.length > 0 ? [`could not be looked at: ${named(failed)}`] : []),
      ...(never > 0 ? [`${format.count(never)} not looked at yet`] : []),
    ]
    if (words.length > 0) {
      risks.push({
        id: 'controls',
        label: 'Controls that are not known to hold',
        figure: `${format.count(broken.length + failed.length + never)} of ${format.count(count)}`,
        words: words.join('; '),
        href: href('/controls', state),
        action: 'Open the controls',
      })
    }
  }
  return risks
}

const named = ([first = '', ...more]: readonly string[]): string =>
  more.length > 0 ? `${first} and ${more.length} more` : first

function backlogRisk(
  oldest: Extract<NonNullable<RisksAnswer['backlog']>, { state: 'ok' }>['data'],
  { format, state, name }: PageContext,
): Risk[] {
  if (!oldest || oldest.days < OLD_DAYS) return []
  return [
    {
      id: 'backlog',
      label: 'Oldest in the backlog',
      figure: format.days(oldest.days),
      words: `${name('facility', oldest.facility)}, received ${format.dated(oldest.since)}; ${format.count(oldest.units)} units wait to be decided on`,
      href: href('/rows', state, { filters: [] }, { metric: 'backlog_units', sort: 'received_at' }),
      action: 'Open the backlog, oldest first',
    },
  ]
}
