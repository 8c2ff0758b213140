import type { BoardView, DetailView, LineView, SupplierView } from '@/components/claims/claims-view'
import { ACTIONS_AT } from '@/components/claims/claims-view'
import { type Formatter, formatFor, humanize, NONE } from '@/lib/format'
import type { ClaimStage } from '@/lib/returns/claims'
import type { ClaimDetail, ClaimLine, ClaimsBoard, SupplierGroup } from '@/lib/workflow/read/claims-types'

const DAY = 86_400_000

/** A stage as people call it, with what its list is about. */
/** Names of places and channels, as the page has them. */
type Name = (dimension: string, value: string) => string

export const STAGE_WORDS: Readonly<Record<ClaimStage, { label: string; lead: string }>> = {
  eligible: {
    label: 'Eligible',
    lead: 'Defects that an agreement covers and that nobody has claimed yet. What is not opened before its window ends is lost.',
  },
  opened: {
    label: 'Opened',
    lead: 'Claims that have been made and not sent. They count as claimed; the supplier has not seen them.',
  },
  submitted: { label: 'Submitted', lead: 'Sent, and waiting for the supplier’s answer; the longest wait first.' },
  accepted: { label: 'Outstanding', lead: 'Accepted by the supplier and not paid in full: what the supplier owes.' },
  recovered: { label: 'Recovered', lead: 'Paid, or paid in part with the rest given up, in the last 400 days.' },
  rejected: { label: 'Rejected', lead: 'Refused by the supplier in the last 400 days.' },
  missed: { label: 'Missed', lead: 'Covered, and never claimed: the window has closed.' },
}

const COLUMNS: Readonly<Record<ClaimStage, BoardView['columns']>> = {
  eligible: { when: 'Window ends', amount: 'Claimable', rest: '' },
  opened: { when: 'Window ends', amount: 'Claimed', rest: '' },
  submitted: { when: 'Sent', amount: 'Claimed', rest: '' },
  accepted: { when: 'Accepted', amount: 'Accepted', rest: 'Outstanding' },
  recovered: { when: 'Recovered', amount: 'Recovered', rest: 'Of accepted' },
  rejected: { when: 'Rejected', amount: 'Claimed', rest: '' },
  missed: { when: 'Window ended', amount: 'Claimable', rest: '' },
}

/** Money of any currency, by the reader's locale. */
const moneyOf =
  ({ locale, tz }: Formatter) =>
  (amount: string, currency: string): string =>
    formatFor({ locale, tz, currency: currency || 'EUR' }).money(amount)

/** The calendar day of an instant where the reader is. */
const dayIn = (instant: Date, tz: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant)

/** "in 2 d, 26 Nov", "5 d ago, 18 Nov": by the reader's calendar. */
function when(instant: string | null, format: Formatter, now: Date): string {
  if (!instant) return NONE
  const day = dayIn(new Date(instant), format.tz)
  const days = Math.round((Date.parse(day) - Date.parse(dayIn(now, format.tz))) / DAY)
  const date = Math.abs(days) > 300 ? format.dayYear(day) : format.day(day)
  if (days === 0) return `today, ${date}`
  return days > 0 ? `in ${days} d, ${date}` : `${-days} d ago, ${date}`
}

const DEADLINES: readonly ClaimStage[] = ['eligible', 'opened']
const urgent = (instant: string | null, stage: ClaimStage, now: Date): boolean =>
  DEADLINES.includes(stage) && instant !== null && Date.parse(instant) < now.getTime() + 7 * DAY

export interface Links {
  stage(stage: ClaimStage): string
  supplier(id: string): string
  detail(line: Pick<ClaimLine, 'claimId' | 'unitId'>): string
  csv: string | null
}

export function boardView(
  board: ClaimsBoard,
  about: { format: Formatter; name: Name; works: boolean; supplierId: string; links: Links; now: Date },
): BoardView {
  const { format, links } = about
  return {
    stage: board.stage,
    lead: STAGE_WORDS[board.stage].lead,
    columns: COLUMNS[board.stage],
    stages: board.stages.map(({ stage, count, value }) => ({
      id: stage,
      label: STAGE_WORDS[stage].label,
      count: `${format.count(count)} ${count === 1 ? 'unit' : 'units'}`,
      value: format.compactMoney(value),
      href: links.stage(stage),
    })),
    ending:
      board.ending.count > 0
        ? `${format.count(board.ending.count)} windows end within seven days: ${format.money(board.ending.value)}`
        : null,
    suppliers: board.suppliers.map((group) => supplierView(group, board.stage, about)),
    csv: links.csv,
    filter: {
      known: board.known.map(({ supplierId, name, count }) => ({ id: supplierId, label: `${name} (${count})` })),
      current: about.supplierId,
    },
    works: about.works && ACTIONS_AT[board.stage].length > 0,
  }
}

function supplierView(
  group: SupplierGroup,
  stage: ClaimStage,
  { format, name, links, now }: { format: Formatter; name: Name; links: Links; now: Date },
): SupplierView {
  const money = moneyOf(format)
  const { terms } = group
  const total = group.totals.map(({ currency, amount }) => money(amount, currency)).join(' + ')
  const hidden = group.count - group.lines.length
  return {
    id: group.supplierId,
    name: group.name,
    href: links.supplier(group.supplierId),
    terms: terms
      ? `${format.percentCell(terms.coverage).replace(/[.,]0$/, '')} % of cost · ${terms.windowDays} days${Number(terms.minimum) > 0 ? ` · from ${money(terms.minimum, terms.currency)}` : ''}`
      : 'No agreement on record',
    count: format.count(group.count),
    total,
    when: DEADLINES.includes(stage) ? `first window ends ${when(group.deadline, format, now)}` : '',
    urgent: urgent(group.deadline, stage, now),
    short: group.short && terms ? `${money(group.short, terms.currency)} short of the minimum` : null,
    lines: group.lines.map((line) => lineView(line, group.supplierId, stage, { format, name, links, now })),
    more:
      hidden > 0
        ? { label: `${format.count(hidden)} more of ${group.name}`, href: links.supplier(group.supplierId) }
        : null,
    all:
      hidden === 0 && group.count > 1 && DEADLINES.includes(stage)
        ? { label: `${stage === 'eligible' ? 'Claim' : 'Submit'} all ${format.count(group.count)}`, sum: total }
        : null,
  }
}

function lineView(
  line: ClaimLine,
  supplierId: string,
  stage: ClaimStage,
  { format, name, links, now }: { format: Formatter; name: Name; links: Links; now: Date },
): LineView {
  const money = moneyOf(format)
  const instant = DEADLINES.includes(stage) || stage === 'missed' ? line.windowUntil : line.since
  const amount = stage === 'accepted' ? line.accepted : stage === 'recovered' ? line.recovered : line.amount
  return {
    id: line.claimId ?? line.unitId,
    href: links.detail(line),
    unit: line.claimId ?? line.unitId,
    sku: line.quantity > 1 ? `${line.quantity} × ${line.sku}` : line.sku,
    place: name('facility', line.facility),
    status: humanize(line.status),
    when: when(instant, format, now),
    urgent: urgent(instant, stage, now),
    amount: money(amount, line.currency),
    rest:
      stage === 'accepted'
        ? money(line.outstanding, line.currency)
        : stage === 'recovered'
          ? money(line.accepted, line.currency)
          : '',
    note: [
      line.rejectedBefore ? 'rejected before' : '',
      line.reference,
      stage === 'rejected' ? humanize(line.reason) : '',
      line.batchId,
    ]
      .filter(Boolean)
      .join(' · '),
    pick:
      ACTIONS_AT[stage].length > 0
        ? {
            supplierId,
            currency: line.currency,
            amount: stage === 'accepted' ? line.outstanding : line.amount,
          }
        : null,
  }
}

/** Everything about one claim, in words. */
export function detailView(
  detail: ClaimDetail,
  { format, name, works, close, now }: { format: Formatter; name: Name; works: boolean; close: string; now: Date },
): DetailView {
  const { line, unit, stage } = detail
  const money = moneyOf(format)
  const inOwn = (amount: string) => money(amount, line.currency)
  const claimed = line.claimId !== null
  const actions = works && !detail.closed && !detail.waitsFor ? ACTIONS_AT[stage] : []
  return {
    title: line.claimId ?? line.unitId,
    subtitle: `${detail.supplierName} · ${STAGE_WORDS[stage].label.toLowerCase()}${line.reference ? ` · ${line.reference}` : ''}`,
    close,
    stage,
    amounts: [
      { label: 'Cost of the goods', value: money(unit.cost, unit.currency) },
      { label: claimed ? 'Claimed' : 'Claimable', value: inOwn(line.amount), strong: !claimed },
      ...(Number(line.accepted) > 0 ? [{ label: 'Accepted', value: inOwn(line.accepted) }] : []),
      ...(Number(line.recovered) > 0 ? [{ label: 'Recovered', value: inOwn(line.recovered) }] : []),
      ...(Number(line.writtenOff) > 0 ? [{ label: 'Written off', value: inOwn(line.writtenOff) }] : []),
      ...(Number(line.accepted) > 0 ? [{ label: 'Outstanding', value: inOwn(line.outstanding), strong: true }] : []),
    ],
    notice: detail.waitsFor
      ? `A write-off waits for approval: ${detail.waitsFor}`
      : (detail.closed?.words ??
        (urgent(line.windowUntil, stage, now) ? `The window ends ${when(line.windowUntil, format, now)}.` : null)),
    facts: [
      { label: 'Unit', value: line.unitId },
      ...(line.rmaId
        ? [{ label: 'Return', value: line.rmaId, href: `/returns/${encodeURIComponent(line.rmaId)}` }]
        : []),
      { label: 'Item', value: `${line.quantity} × ${line.sku}` },
      { label: 'Goods', value: `${humanize(line.status)}, ${name('facility', line.facility)}` },
      { label: 'Found', value: `${humanize(unit.finding)}, condition ${unit.condition || NONE}` },
      {
        label: 'Customer said',
        value: unit.comment ? `${humanize(unit.reason)}: ${unit.comment}` : humanize(unit.reason),
      },
      ...(unit.serial ? [{ label: 'Serial', value: unit.serial }] : []),
      ...(unit.lot ? [{ label: 'Lot', value: unit.lot }] : []),
      ...(detail.supplier
        ? [
            {
              label: 'Agreement',
              value: `${format.percent(detail.supplier.coverage)} of cost, within ${detail.supplier.windowDays} days of receipt`,
            },
          ]
        : []),
      { label: 'Window ends', value: when(line.windowUntil, format, now) },
      ...(line.batchId
        ? [{ label: 'Batch', value: `${line.batchId}: ${detail.batch.count} for ${inOwn(detail.batch.amount)}` }]
        : []),
    ],
    documents: detail.documents.map((document) => ({
      href: `/api/v1/evidence/${document.sha256}`,
      label: document.mime.startsWith('image/') ? 'Photo' : 'Document',
      note: document.note || (document.of === 'claim' ? 'of this claim' : 'of the unit'),
    })),
    addTo: works ? line.claimId : null,
    timeline: detail.timeline.map(({ at, amount, ...moment }) => ({
      ...moment,
      at: format.minute(at),
      amount: amount ? money(amount.split(' ')[0] ?? '0', amount.split(' ')[1] ?? '') : '',
    })),
    picked: {
      ids: [line.claimId ?? line.unitId],
      suppliers: [detail.supplier?.supplierId ?? ''],
      sums: { [line.currency]: (stage === 'accepted' ? line.outstanding : line.amount).replace(/00$/, '') },
      amount: line.amount,
    },
    actions,
  }
}
