import { and, eq, gt } from 'drizzle-orm'
import { type Actor, authorize } from '../../auth/actor'
import { db, withTransaction } from '../../db/client'
import { auditEntry, evidence, evidenceLink } from '../../db/schema'
import { UserError } from '../../errors'
import { evidenceFileName, isShown } from '../../returns/evidence'
import { bytesOf } from '../evidence/store'
import { maySee, type Subject, subjectsOf } from '../evidence/subject'
import { thumbnailOf } from '../evidence/thumbnail'
import { doerOf } from '../execute'
import { audit } from '../record/audit'
import { orWriteRefusal } from '../refusals'

/** A picture that is shown small on a page again and again is noted once in this time; every other opening is noted by itself. */
const GLANCE = 3_600_000

export interface EvidenceFile {
  readonly bytes: Buffer
  readonly mime: string
  readonly name: string
  /** Whether a browser may draw it; otherwise it is a download. */
  readonly shown: boolean
}

/**
 * A file with its bytes, checked against its hash, for whoever may see anything that it is about. That they opened it is in the audit log before
 * they have it. Throws a UserError: 403, 404, 410 for what was destroyed, 500 where the bytes are not what was added.
 */
export function evidenceFile(actor: Actor, sha256: string): Promise<EvidenceFile> {
  return orWriteRefusal(actor, 'evidence.open', async () => {
    const { kept, subject } = await visible(actor, sha256)
    const bytes = await bytesOf(sha256)
    await noteOpening(actor, sha256, subject, new Date())
    return { bytes, mime: kept.mime, name: evidenceFileName(sha256, kept.mime), shown: isShown(kept.mime) }
  })
}

/**
 * A small picture of a file, for whoever may open the file, noted once an hour; undefined where there is nothing to draw. Throws a UserError as
 * `evidenceFile` does for what the actor may not see and for what was destroyed.
 */
export function evidenceThumbnail(actor: Actor, sha256: string, at = new Date()): Promise<Buffer | undefined> {
  return orWriteRefusal(actor, 'evidence.open', async () => {
    const { kept, subject } = await visible(actor, sha256)
    const bytes = await thumbnailOf(sha256, kept.mime)
    if (bytes && !(await seenLately(actor, sha256, at))) await noteOpening(actor, sha256, subject, at)
    return bytes
  })
}

/** What is kept of a file, and what it is about that the actor may see. */
async function visible(
  actor: Actor,
  sha256: string,
): Promise<{ kept: typeof evidence.$inferSelect; subject: Subject }> {
  authorize(actor, 'evidence:read')
  const [kept] = await db().select().from(evidence).where(eq(evidence.sha256, sha256))
  const links = kept ? await db().select().from(evidenceLink).where(eq(evidenceLink.sha256, sha256)) : []
  const subjects = await subjectsOf(
    db(),
    links.map(({ subjectType: type, subjectId: id }) => ({ type, id })),
  )
  const subject = subjects.find((each) => maySee(actor, each))
  if (!kept || !subject)
    throw new UserError('not_found', 'There is no such file, or it is not in your part of the company.', 404, 'sha256')
  if (kept.purgedAt)
    throw new UserError(
      'evidence_purged',
      `This file was destroyed after its retention, on ${kept.purgedAt.toISOString().slice(0, 10)}.`,
      410,
      'sha256',
    )
  return { kept, subject }
}

const noteOpening = (actor: Actor, sha256: string, subject: Subject, at: Date): Promise<void> =>
  withTransaction((tx) =>
    audit(tx, doerOf(actor), at, [
      {
        ...{ action: 'evidence.opened', objectType: 'evidence', objectId: sha256 },
        ...{ rmaId: subject.rmaId, entity: subject.entity },
        diff: { [subject.type]: [null, subject.id] },
      },
    ]),
  )

async function seenLately(actor: Actor, sha256: string, at: Date): Promise<boolean> {
  const [seen] = await db()
    .select({ seq: auditEntry.seq })
    .from(auditEntry)
    .where(
      and(
        eq(auditEntry.objectType, 'evidence'),
        eq(auditEntry.objectId, sha256),
        eq(auditEntry.action, 'evidence.opened'),
        eq(auditEntry.actor, actor.userId),
        gt(auditEntry.at, new Date(at.getTime() - GLANCE)),
      ),
    )
    .limit(1)
  return seen !== undefined
}
