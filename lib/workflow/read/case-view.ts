import type { Actor } from '../../auth/actor'
import { isRole, ROLES } from '../../auth/permissions'
import type { rma } from '../../db/schema'
import { formatUnits } from '../../money'
import { exceptionKind } from '../../returns/exceptions'
import { waitsOf } from '../../returns/waits'
import type { UnitRow } from '../record/types'
import { policyDecisionOf } from '../request/policy-decision'
import type { CaseFacts } from './case'
import { evidenceView } from './case-evidence'
import { afterSettlement, creditView } from './case-money-view'
import type { Proposals } from './case-proposals'
import type { CaseAction, CaseMatch, CaseUnit, CaseView, TimelineEntry } from './case-types'
import type { namesOf } from './people'

export interface CaseParts {
  readonly actor: Actor
  readonly found: typeof rma.$inferSelect | undefined
  readonly units: readonly UnitRow[]
  readonly facts: CaseFacts
  readonly proposals: Proposals
  readonly timeline: readonly TimelineEntry[]
  readonly products: readonly { readonly sku: string; readonly name: string }[]
  readonly matches: readonly CaseMatch[]
  readonly actions: readonly CaseAction[]
  readonly nameOf: Awaited<ReturnType<typeof namesOf>>
  readonly now: Date
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null
const money = (amount: bigint): string => formatUnits(amount, 2)
const roleName = (role: string): string => (isRole(role) ? ROLES[role].label : role).toLowerCase()

/** The rows of a case as the page shows them: amounts and instants as texts, codes as codes. */
export function viewOf(parts: CaseParts): CaseView {
  const { found, units, facts, proposals, nameOf, now } = parts
  const [first] = units
  const own = found ?? first
  const paid = facts.paid
  const missing = missingOf(facts)
  return {
    id: found?.id ?? first?.id ?? '',
    unmatched: found === undefined,
    orderId: own?.orderId ?? '',
    customerId: own?.customerId ?? '',
    channel: own?.channel ?? '',
    entity: own?.entity ?? '',
    facility: own?.facility ?? '',
    country: found?.country ?? '',
    overall: found?.overall ?? 'received',
    goods: found?.goods ?? (first?.inspectedAt ? 'inspected' : 'received'),
    money: found?.money ?? 'nothing',
    version: found?.version ?? first?.version ?? 0,
    requestedAt: iso(found?.requestedAt ?? null),
    returnType: found?.returnType ?? '',
    policy: {
      version: found?.policyVersion ?? '',
      row: found?.policyRow ?? '',
      explanation: policyDecisionOf(found?.policyDecision)?.lines.flatMap(({ explanation }) => explanation) ?? [],
    },
    waits: waitsOf({
      decided: found === undefined || found.decision !== null,
      ended: found?.closedAt != null,
      units: units
        .filter((unit) => unit.splitAt === null)
        .map((unit) => ({
          status: unit.status,
          quantity: unit.quantity,
          inspected: unit.inspectedAt !== null,
          dispositioned: unit.dispositionedAt !== null,
          disposition: unit.disposition,
          final: unit.finalAt !== null,
          expectedAt: unit.expectedAt,
        })),
      settlements: facts.settlements.map((each) => ({
        state: each.state,
        release: each.release,
        released: each.releasedAt !== null || each.external,
        nextAttemptAt: each.nextAttemptAt,
        replacement: facts.replacements.find(({ settlementId }) => settlementId === each.id)?.state ?? null,
        unanswered: each.kind === 'chargeback' && !facts.answered.some(({ settlementId }) => settlementId === each.id),
      })),
      approvals: facts.approvals
        .filter(({ state }) => state === 'open')
        .map(({ id, expiresAt }) => ({ roles: missing(id), expiresAt })),
      exceptions: facts.exceptions
        .filter(({ state }) => state === 'open')
        .map(({ kind, dueAt }) => ({ label: exceptionKind(kind).label, dueAt })),
      claims: facts.claims ?? [],
    }).map(({ what, until }) => ({ what, until: iso(until), late: until !== null && until < now })),
    units: units.filter((unit) => unit.quantity > 0).map((unit) => unitView(unit, parts)),
    settlements: facts.settlements.map((each) => ({
      ...afterSettlement(each.id, parts),
      id: each.id,
      unitId: each.unitId,
      kind: each.kind,
      state: each.state,
      amount: money(each.amount),
      fee: money(each.fee),
      deduction: money(each.deduction),
      entitled: money(each.entitled),
      currency: each.currency,
      method: each.method,
      proposedBy: nameOf(each.proposedBy),
      approvedBy: nameOf(each.approvedBy),
      release: each.releasedAt || each.external ? '' : each.release,
      policyVersion: each.policyVersion,
      policyRow: each.policyRow,
      external: each.external,
      waitsFor: facts.approvals.find((one) => one.state === 'open' && one.subjectId === each.id)?.why ?? '',
      error: each.lastError,
    })),
    previews: proposals.previews,
    credit: creditView(parts),
    payment: paid
      ? {
          captured: money(paid.captured),
          given: money(paid.refunded + paid.chargedBack + paid.credited),
          reserved: money(paid.reserved),
          left: money(paid.captured - paid.refunded - paid.chargedBack - paid.credited - paid.reserved),
          over: paid.over > 0n ? money(paid.over) : '',
          currency: paid.currency,
        }
      : null,
    costs: facts.costs
      .filter(({ amount }) => amount !== 0n)
      .map((each) => ({
        id: each.id,
        kind: each.kind,
        amount: money(each.amount),
        currency: each.currency,
        at: each.at.toISOString(),
      })),
    claims:
      facts.claims?.map((each) => ({
        id: each.id,
        unitId: each.unitId,
        supplierId: each.supplierId,
        state: each.state,
        amount: money(each.claimed),
        accepted: money(each.accepted),
        recovered: money(each.recovered),
        currency: each.currency,
        windowUntil: iso(each.windowUntil),
      })) ?? null,
    exceptions: facts.exceptions.map((each) => ({
      id: each.id,
      kind: each.kind,
      label: exceptionKind(each.kind).label,
      state: each.state,
      resolution: each.resolution ?? '',
      message: each.message,
      note: each.note,
      dueAt: each.dueAt.toISOString(),
      ownerRole: isRole(each.ownerRole) ? each.ownerRole : exceptionKind(each.kind).owner,
      resolutions: exceptionKind(each.kind).resolutions,
      unitId: each.unitId,
    })),
    evidence: facts.documents ? evidenceView(parts.actor, facts.documents, nameOf, now) : null,
    approvals: facts.approvals.map((each) => ({
      id: each.id,
      summary: each.summary,
      rule: each.rule,
      why: each.why,
      state: each.state,
      requestedBy: nameOf(each.requestedBy),
      expiresAt: each.expiresAt.toISOString(),
      missing: each.state === 'open' ? missing(each.id) : '',
    })),
    entries:
      facts.entries?.map((entry) => ({
        id: entry.id,
        template: entry.template,
        period: entry.period,
        postedAt: entry.postedAt.toISOString(),
        reverses: entry.reverses ?? '',
        memo: entry.memo,
        currency: entry.currency,
        lines: facts.lines
          .filter((line) => line.entryId === entry.id)
          .map((line) => ({ account: line.account, debit: money(line.debit), credit: money(line.credit) })),
      })) ?? null,
    matches: parts.matches,
    timeline: parts.timeline,
    actions: parts.actions,
  }
}

/** Whose answer an approval still lacks: "refund approver, level 1, then controller". */
function missingOf({ approvals, answers }: CaseFacts): (id: string) => string {
  return (id) => {
    const answered = new Set(answers.filter(({ approvalId }) => approvalId === id).map(({ step }) => step))
    const steps = approvals.find((each) => each.id === id)?.steps.filter((_, step) => !answered.has(step)) ?? []
    return steps.map((roles) => roles.map((role) => `a ${roleName(role)}`).join(' or ')).join(', then ')
  }
}

function unitView(unit: UnitRow, { products, proposals }: CaseParts): CaseUnit {
  return {
    id: unit.id,
    sku: unit.sku,
    category: unit.category,
    goodsClass: unit.goodsClass,
    name: products.find(({ sku }) => sku === unit.sku)?.name ?? '',
    quantity: unit.quantity,
    received: unit.receivedQuantity,
    status: unit.status,
    statusAt: unit.statusAt.toISOString(),
    reason: unit.reason,
    comment: unit.comment,
    condition: unit.condition,
    finding: unit.finding,
    disposition: unit.disposition,
    ruleRow: unit.ruleRow,
    overridden: unit.overridden,
    facility: unit.facility,
    location: unit.location,
    tracking: unit.tracking,
    carrier: unit.carrier,
    expectedAt: iso(unit.expectedAt),
    serial: unit.serial,
    serialMatch: unit.serialMatch,
    lot: unit.lot,
    split: unit.splitAt !== null,
    value: money(unit.unitPrice * BigInt(unit.quantity)),
    currency: unit.currency,
    proposal: proposals.dispositions.get(unit.id) ?? null,
  }
}
