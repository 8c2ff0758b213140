import { and, desc, eq, inArray, or } from 'drizzle-orm'
import { type Actor, whyNot } from '../../auth/actor'
import { db } from '../../db/client'
import { evidence, evidenceLink } from '../../db/schema'
import { type EvidenceSubject, isShown, RETENTION, type RetentionClass } from '../../returns/evidence'
import type { CaseEvidence } from './evidence-types'

type Kept = typeof evidence.$inferSelect
type Found = Awaited<ReturnType<typeof documentsOf>>

/** The files about things of a case, latest first: one row for each thing that a file is about. */
export async function documentsOf(about: Readonly<Partial<Record<EvidenceSubject, readonly string[]>>>) {
  const named = Object.entries(about).flatMap(([type, ids]) =>
    ids.length === 0
      ? []
      : [and(eq(evidenceLink.subjectType, type as EvidenceSubject), inArray(evidenceLink.subjectId, [...ids]))],
  )
  if (named.length === 0) return []
  return db()
    .select({ link: evidenceLink, document: evidence })
    .from(evidenceLink)
    .innerJoin(evidence, eq(evidence.sha256, evidenceLink.sha256))
    .where(or(...named))
    .orderBy(desc(evidenceLink.at), evidenceLink.sha256)
}

/** Everybody who did something with these files, by id. */
export const doersOf = (found: Found): string[] =>
  found.flatMap(({ link, document }) => [link.by, document.heldBy, document.purgedBy]).filter(Boolean)

/** The files as a page shows them: each once, with everything that it is about. */
export function evidenceView(actor: Actor, found: Found, nameOf: (id: string) => string, now: Date): CaseEvidence[] {
  const seen = new Map<string, CaseEvidence>()
  for (const { link, document } of found) {
    const about = { type: link.subjectType, id: link.subjectId }
    const known = seen.get(document.sha256)
    seen.set(
      document.sha256,
      known
        ? { ...known, note: known.note || link.note, about: [...known.about, about] }
        : {
            ...{ sha256: document.sha256, mime: document.mime, shown: isShown(document.mime), bytes: document.bytes },
            ...{ note: link.note, about: [about], at: link.at.toISOString(), by: nameOf(link.by) },
            retention: retentionLabel(document.retentionClass),
            keepUntil: document.keepUntil.toISOString(),
            due: document.keepUntil <= now && !document.legalHold && document.purgedAt === null,
            ...{ legalHold: document.legalHold, holdReason: document.holdReason },
            heldBy: document.heldBy ? nameOf(document.heldBy) : '',
            heldAt: document.heldAt?.toISOString() ?? null,
            purged: document.purgedAt !== null,
            purgedBy: document.purgedBy ? nameOf(document.purgedBy) : '',
            purgedAt: document.purgedAt?.toISOString() ?? null,
            purgeReason: document.purgeReason,
            closed: { hold: whyNoHold(actor, document), destroy: whyNotDestroyed(actor, document, now) },
          },
    )
  }
  return [...seen.values()]
}

export const retentionLabel = (name: string): string =>
  Object.hasOwn(RETENTION, name) ? RETENTION[name as RetentionClass].label : name

const roleWhy = (actor: Actor): string | null => whyNot(actor, 'evidence:hold') || null

const whyNoHold = (actor: Actor, kept: Kept): string | null =>
  roleWhy(actor) ?? (kept.purgedAt ? 'It was destroyed.' : null)

/** The same order in which the command and the database refuse it. */
export function whyNotDestroyed(actor: Actor, kept: Kept, now: Date): string | null {
  const role = roleWhy(actor)
  if (role) return role
  if (kept.purgedAt) return 'It was destroyed.'
  if (kept.legalHold) return 'It is under a legal hold: lift that first.'
  if (kept.keepUntil > now) return 'Its retention is not over.'
  if (kept.liftedBy === actor.userId) return 'You lifted its legal hold: somebody else decides that it is destroyed.'
  return null
}
