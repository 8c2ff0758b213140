import { inArray } from 'drizzle-orm'
import { z } from 'zod'
import { evidence, evidenceLink } from '../../db/schema'
import { UserError } from '../../errors'
import { type Context, command } from '../command'
import { inScope, type Subject, subjectsOf } from './subject'

type Kept = typeof evidence.$inferSelect

const input = z.strictObject({
  /** Content addresses of the files. */
  files: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, 'A file is named by its SHA-256.'))
    .min(1)
    .max(500),
  reason: z.string().trim().min(3, 'Say why.').max(500),
})

/** Keeps files whatever their retention, until the hold is lifted. What is held already stays as it is. */
const hold = command({
  name: 'evidence.hold',
  title: 'Set a legal hold',
  permission: 'evidence:hold',
  input,
  async run(context, { files, reason }): Promise<{ changed: number }> {
    const kept = (await locked(context, files)).filter((each) => !each.legalHold)
    for (const each of kept) if (each.purgedAt) throw purged(each)
    return change(context, kept, 'evidence.held', reason, {
      ...{ legalHold: true, holdReason: reason, heldBy: context.doer.id, heldAt: context.at },
    })
  },
})

/** Lifts a legal hold: from then on the retention decides again, and somebody else may destroy what is past it. */
const releaseHold = command({
  name: 'evidence.release_hold',
  title: 'Lift the legal hold',
  permission: 'evidence:hold',
  input,
  async run(context, { files, reason }): Promise<{ changed: number }> {
    const kept = (await locked(context, files)).filter(({ legalHold }) => legalHold)
    return change(context, kept, 'evidence.hold_lifted', reason, { legalHold: false, liftedBy: context.doer.id })
  },
})

/** Decides that files past their retention are destroyed. The rows stay as tombstones; the worker destroys the bytes and notes that it did. */
const purge = command({
  name: 'evidence.purge',
  title: 'Destroy after its retention',
  permission: 'evidence:hold',
  input,
  async run(context, { files, reason }): Promise<{ changed: number }> {
    const kept = (await locked(context, files)).filter(({ purgedAt }) => purgedAt === null)
    for (const each of kept) mayBePurged(context, each)
    return change(context, kept, 'evidence.purged', reason, {
      ...{ purgedAt: context.at, purgedBy: context.doer.id, purgeReason: reason },
    })
  },
})

export const evidenceCommands = [hold, releaseHold, purge] as const

/** Refuses what the database would refuse too, in words that name the file. */
function mayBePurged(context: Context, file: Kept): void {
  const name = nameOf(file)
  if (file.legalHold)
    throw new UserError(
      'evidence_held',
      `${name} is under a legal hold: ${file.holdReason}. Lift it first.`,
      409,
      'files',
    )
  if (file.keepUntil > context.at)
    throw new UserError(
      'evidence_retention',
      `${name} is kept until ${file.keepUntil.toISOString().slice(0, 10)}. It can be destroyed after that.`,
      409,
      'files',
    )
  if (file.liftedBy === context.doer.id)
    throw new UserError(
      'segregation_of_duties',
      `You lifted the legal hold of ${name}. Somebody else decides that it is destroyed.`,
      409,
      'files',
    )
}

const nameOf = (file: Kept) => `The file ${file.sha256.slice(0, 12)}`
const purged = (file: Kept) =>
  new UserError('evidence_purged', `${nameOf(file)} was destroyed after its retention.`, 409, 'files')

/** The files, locked in one order, all of them known and about something in the actor's part of the company. */
async function locked(context: Context, files: readonly string[]): Promise<Kept[]> {
  const asked = [...new Set(files)]
  const kept = await context.tx
    .select()
    .from(evidence)
    .where(inArray(evidence.sha256, asked))
    .orderBy(evidence.sha256)
    .for('update')
  const about = await subjectsByFile(context, asked)
  const missing = asked.find((file) => !about.get(file)?.some((subject) => inScope(context.actor, subject)))
  if (missing !== undefined || kept.length < asked.length)
    throw new UserError(
      'not_found',
      `There is no file ${(missing ?? asked[0] ?? '').slice(0, 12)}, or it is not in your part of the company.`,
      404,
      'files',
    )
  return kept
}

/** What each file is about. */
async function subjectsByFile(context: Context, files: string[]): Promise<Map<string, Subject[]>> {
  const links = await context.tx.select().from(evidenceLink).where(inArray(evidenceLink.sha256, files))
  const subjects = await subjectsOf(
    context.tx,
    links.map(({ subjectType: type, subjectId: id }) => ({ type, id })),
  )
  const named = new Map(subjects.map((subject) => [`${subject.type} ${subject.id}`, subject]))
  const found = new Map<string, Subject[]>()
  for (const { sha256, subjectType, subjectId } of links) {
    const subject = named.get(`${subjectType} ${subjectId}`)
    if (subject) found.set(sha256, [...(found.get(sha256) ?? []), subject])
  }
  return found
}

/** Changes the files alike, with an audit entry each. */
async function change(
  context: Context,
  kept: readonly Kept[],
  action: string,
  reason: string,
  to: Partial<Kept>,
): Promise<{ changed: number }> {
  if (kept.length === 0) return { changed: 0 }
  const files = kept.map(({ sha256 }) => sha256)
  await context.tx.update(evidence).set(to).where(inArray(evidence.sha256, files))
  const about = await subjectsByFile(context, files)
  const plain = (value: unknown) => (value instanceof Date ? value.toISOString() : (value ?? null))
  await context.audit(
    kept.map((file) => {
      const [subject] = about.get(file.sha256) ?? []
      const before = new Map<string, unknown>(Object.entries(file))
      return {
        ...{ action, objectType: 'evidence', objectId: file.sha256 },
        ...{ rmaId: subject?.rmaId ?? '', entity: subject?.entity ?? '' },
        diff: Object.fromEntries(
          Object.entries(to).map(([key, value]) => [key, [plain(before.get(key)), plain(value)]]),
        ),
      }
    }),
    { reason },
  )
  return { changed: kept.length }
}
