import { eq, inArray } from 'drizzle-orm'
import type { Actor } from '../../auth/actor'
import { db } from '../../db/client'
import { type approval, evidenceLink, policy, returnUnit } from '../../db/schema'
import { humanize } from '../../format'
import type { ApprovalLine, TriedPolicy } from './approvals-types'
import { POLICY_KINDS } from './settings-types'
import { widestOf } from './simulation'

type Row = typeof approval.$inferSelect

export interface Behind {
  factsOf(row: Row): string[]
  evidenceOf(row: Row): number
  triedOf(row: Row): TriedPolicy | null
}

/** What is known of what waits: the goods as they came back, and how much is kept in evidence of it. */
export async function behind(actor: Actor, rows: readonly Row[]): Promise<Behind> {
  const unitIds = [...new Set(rows.map(({ unitId }) => unitId).filter(Boolean))].concat('-')
  const subjects = rows.flatMap(({ unitId, rmaId, subjectId }) => [unitId, rmaId, subjectId]).filter(Boolean)
  const [units, links, tried] = await Promise.all([
    db().select().from(returnUnit).where(inArray(returnUnit.id, unitIds)),
    db()
      .select({ id: evidenceLink.subjectId, sha256: evidenceLink.sha256 })
      .from(evidenceLink)
      .where(inArray(evidenceLink.subjectId, [...new Set(subjects)].concat('-'))),
    trials(actor, rows),
  ])
  const unitOf = new Map(units.map((unit) => [unit.id, unit]))
  return {
    factsOf(row) {
      const unit = unitOf.get(row.unitId)
      return unit ? factsOf(unit) : []
    },
    evidenceOf: ({ unitId, rmaId, subjectId }) =>
      new Set(links.filter(({ id }) => id === unitId || id === rmaId || id === subjectId).map(({ sha256 }) => sha256))
        .size,
    triedOf: ({ subjectType, subjectId }) => (subjectType === 'policy' ? (tried.get(subjectId) ?? null) : null),
  }
}

/** The latest simulation of every version that waits, of exactly the table that it has. */
async function trials(actor: Actor, rows: readonly Row[]): Promise<Map<string, TriedPolicy>> {
  const asked = new Set(rows.filter(({ subjectType }) => subjectType === 'policy').map(({ subjectId }) => subjectId))
  const found = new Map<string, TriedPolicy>()
  if (asked.size === 0) return found
  const pending = await db()
    .select({ kind: policy.kind, version: policy.version, hash: policy.hash })
    .from(policy)
    .where(eq(policy.state, 'pending'))
  for (const { kind: name, version, hash } of pending) {
    const kind = POLICY_KINDS.find((each) => each === name)
    if (!kind || !asked.has(`${kind}/${version}`)) continue
    const run = await widestOf(actor, { kind, version, hash })
    const page = `/settings/policies/${kind}/simulation?version=${version}`
    found.set(`${kind}/${version}`, {
      href: run ? `${page}&run=${run.id}` : page,
      found: run?.result
        ? { units: run.result.units, changed: run.result.changedUnits, from: run.from, to: run.to }
        : null,
    })
  }
  return found
}

function factsOf(unit: typeof returnUnit.$inferSelect): string[] {
  const asked = `Asked back as ${humanize(unit.reason).toLowerCase()}`
  if (!unit.receivedAt) return [`${asked}; not here yet`]
  if (!unit.inspectedAt) return [`${asked}; received, not inspected yet`]
  return [
    `${asked}; found ${humanize(unit.finding).toLowerCase()}, condition ${unit.condition}`,
    ...(unit.disposition ? [`decided: ${humanize(unit.disposition).toLowerCase()}`] : []),
  ]
}

/** The page that shows what is to be approved, where it is not the return itself. */
export function lookOf({ subjectType, subjectId }: Row): ApprovalLine['look'] {
  switch (subjectType) {
    case 'policy': {
      const [kind = '', version = ''] = subjectId.split('/')
      return { href: `/settings/policies/${kind}?version=${version}`, label: 'See what it changes' }
    }
    case 'adjustment':
      return { href: '/reconciliation', label: 'See the count' }
    case 'journal':
      return { href: '/journal', label: 'See the entry' }
    case 'reopen':
      return { href: '/close', label: 'See the period' }
    default:
      return null
  }
}
