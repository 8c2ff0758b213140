import { and, desc, eq, inArray, or, sql } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db } from '../../db/client'
import { type approval, approvalDecision, auditEntry, caseEvent, rma } from '../../db/schema'
import { formatUnits, parseAmount } from '../../money'
import { type CodeMap, withOurCodes } from '../../returns/code-map'
import { codesFor } from '../record/events'
import { requireInScope } from '../scope'
import type { CaseNews, TimelineEntry } from './case-types'
import { namesOf } from './people'

export type EventRow = typeof caseEvent.$inferSelect
type ApprovalRow = typeof approval.$inferSelect
type AuditRow = typeof auditEntry.$inferSelect

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** What the audit log tells of a case and no event does. */
const NOTED: Readonly<Record<string, string>> = {
  'automation.did': 'Done automatically',
  'automation.overridden': 'Decided otherwise than proposed',
  'exception.assigned': 'Exception given to somebody',
  'exception.noted': 'Note on an exception',
  'unit.skipped': 'Skipped at the bench',
  'settlement.retried': 'Payment tried again',
  'claim.write_off_asked': 'Write-off of the rest asked for',
  'replacement.ordered': 'Replacement ordered',
  'replacement.shipped': 'Replacement shipped',
  'replacement.cancelled': 'Replacement cancelled',
  'chargeback.accepted': 'Chargeback accepted',
  'chargeback.disputed': 'Chargeback disputed',
  'chargeback.answer_sent': 'Answer to the chargeback taken by the provider',
  'chargeback.answer_refused': 'Answer to the chargeback refused by the provider',
}

/** Everything that happened to a case, oldest first: events, answers to approvals, and what only the audit log tells. */
export async function timelineOf(
  about: { readonly rmaId: string; readonly unitIds: readonly string[]; readonly exceptionIds: readonly string[] },
  events: readonly EventRow[],
  approvals: readonly ApprovalRow[],
): Promise<TimelineEntry[]> {
  const [codes, notes, answers] = await Promise.all([
    codesFor(db(), events),
    db()
      .select()
      .from(auditEntry)
      .where(
        and(
          inArray(auditEntry.action, Object.keys(NOTED)),
          or(
            about.rmaId ? eq(auditEntry.rmaId, about.rmaId) : sql`false`,
            and(
              eq(auditEntry.objectType, 'exception'),
              inArray(auditEntry.objectId, [...about.exceptionIds].concat('-')),
            ),
            and(eq(auditEntry.objectType, 'unit'), inArray(auditEntry.objectId, [...about.unitIds].concat('-'))),
          ),
        ),
      )
      .orderBy(auditEntry.seq),
    approvals.length === 0
      ? []
      : db()
          .select()
          .from(approvalDecision)
          .where(
            inArray(
              approvalDecision.approvalId,
              approvals.map(({ id }) => id),
            ),
          ),
  ])
  const nameOf = await namesOf([
    ...events.map(({ data }) => text(data.actor)),
    ...answers.map(({ person }) => person),
    ...approvals.map(({ requestedBy }) => requestedBy),
  ])
  return [
    ...events.map((event) => ofEvent(event, codes, nameOf)),
    ...notes.map(ofNote),
    ...approvals.map(
      (each): TimelineEntry => ({
        ...plain(each.id, each.requestedAt),
        type: 'approval.asked',
        what: `Approval asked for: ${each.summary}`,
        unitId: each.unitId,
        who: nameOf(each.requestedBy),
        why: each.why,
        data: JSON.stringify({ approval_id: each.id, rule: each.rule, steps: each.steps, hash: each.payloadHash }),
      }),
    ),
    ...answers.map(
      (each): TimelineEntry => ({
        ...plain(`${each.approvalId} ${each.step}`, each.at),
        type: `approval.${each.decision}`,
        what: `${each.decision === 'approved' ? 'Approved' : 'Refused'}: ${approvals.find(({ id }) => id === each.approvalId)?.summary ?? ''}`,
        who: nameOf(each.person),
        why: each.reason,
        data: JSON.stringify({ approval_id: each.approvalId, role: each.role, hash: each.payloadHash }),
      }),
    ),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

const plain = (key: string, at: Date) => ({
  key,
  at: at.toISOString(),
  unitId: '',
  source: '/backhaul/workflow',
  voided: false,
})

const ofNote = (row: AuditRow): TimelineEntry => ({
  ...plain(row.id, row.at),
  type: row.action,
  what: NOTED[row.action] ?? row.action,
  unitId: row.objectType === 'unit' ? row.objectId : '',
  who: row.actorName || row.actor,
  why: row.reason,
  data: JSON.stringify(row.diff),
})

const ofEvent = (event: EventRow, codes: CodeMap, nameOf: (id: string) => string): TimelineEntry => {
  const { type, source, data } = event
  // In our words; what the source said itself stands in the data.
  const ours = withOurCodes(type, source, data, codes)
  return {
    key: `${event.source} ${event.id}`,
    at: event.time.toISOString(),
    type: event.type.replace(/\.v\d+$/, ''),
    what: ours === data ? wordsOf(event) : `${wordsOf({ type, data: ours })}, in their codes ${theirs(data, ours)}`,
    unitId: event.unitId,
    source: event.source,
    who: nameOf(text(data.actor)),
    why: text(data.reason) || text(data.cause) || text(data.rule_row) || text(data.policy_row),
    voided: event.voided,
    data: JSON.stringify(data),
  }
}

/** The codes that were replaced. */
const theirs = (data: Readonly<Record<string, unknown>>, ours: Readonly<Record<string, unknown>>): string =>
  Object.keys(data)
    .filter((field) => data[field] !== ours[field])
    .map((field) => String(data[field]))
    .join(', ')

const say = (...parts: unknown[]): string =>
  parts
    .map((part) => (typeof part === 'string' || typeof part === 'number' ? String(part).replaceAll('_', ' ') : ''))
    .filter(Boolean)
    .join(' ')

const begin = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** What happened, in a few words with its figures and codes. */
export function wordsOf({ type, data }: Pick<EventRow, 'type' | 'data'>): string {
  const [area = '', verb = ''] = type.split('.')
  const money =
    typeof data.amount === 'string' || typeof data.amount === 'number' ? parseAmount(data.amount) : undefined
  const amount = money === undefined ? data.amount : formatUnits(money, 2)
  const pieces = Number(data.quantity) > 1 ? `${String(data.quantity)} pieces` : ''
  switch (`${area}.${verb}`) {
    case 'unit.moved':
      return say('Moved from', data.from_status, 'to', data.to_status)
    case 'unit.received':
      return say('Received', pieces, data.condition_code ? `in condition ${String(data.condition_code)}` : '')
    case 'unit.inspected':
      return `${say('Inspected: condition', data.condition_code)}, ${say(data.finding_code)}`
    case 'unit.dispositioned':
      return say('Decided to', data.disposition, data.overridden === true ? '(against the rule)' : '')
    case 'unit.split':
      return say('Split into', Array.isArray(data.into) ? data.into.length : '', 'parts')
    case 'return.requested':
      return `${say('Asked back:', pieces, data.sku)}, ${say(data.reason_code)}`
    case 'shipment.labelled':
      return say('Label made', data.carrier, data.tracking_number)
    case 'shipment.in_transit':
      return say('Scanned by the carrier', data.carrier, data.tracking_number)
    case 'cost.incurred':
      return say('Cost:', data.kind, amount, data.currency)
    case 'exception.raised':
      return say('Exception raised:', data.kind)
    case 'exception.resolved':
      return say('Exception ended:', data.kind, data.resolution ? `as ${String(data.resolution)}` : '')
  }
  if (area === 'settlement' || area === 'claim')
    return say(begin(area), verb, area === 'settlement' ? data.kind : '', amount, data.currency)
  return say(begin(area), verb)
}

/** Whether a case has changed, and by whom last. Throws a UserError (404) outside of the reader's part of the company. */
export async function caseNews(actor: Actor, rmaId: string): Promise<CaseNews> {
  authorize(actor, 'cases:read')
  const [found] = await db().select().from(rma).where(eq(rma.id, rmaId))
  requireInScope(actor, found, `return ${rmaId}`)
  const [last] = await db()
    .select()
    .from(auditEntry)
    .where(eq(auditEntry.rmaId, rmaId))
    .orderBy(desc(auditEntry.seq))
    .limit(1)
  const [event] = last?.commandId
    ? await db()
        .select()
        .from(caseEvent)
        .where(
          sql`${caseEvent.commandId}::text = ${last.commandId} AND ${caseEvent.unitId} IN (SELECT id FROM return_unit WHERE rma_id = ${rmaId})`,
        )
        .orderBy(desc(caseEvent.sequence))
        .limit(1)
    : []
  return {
    version: found?.version ?? 0,
    what: event ? wordsOf(event) : '',
    who: last?.actorName || last?.actor || '',
    at: last?.at.toISOString() ?? null,
    mine: last?.actor === actor.userId,
  }
}
