import { z } from 'zod'
import { type Actor, authorize } from '../../auth/actor'
import { evidence, evidenceLink } from '../../db/schema'
import { UserError } from '../../errors'
import { EVIDENCE_SUBJECTS, keepUntil, LARGEST_EVIDENCE, retentionOf, typeOfBytes } from '../../returns/evidence'
import { type Command, type Context, command } from '../command'
import { execute } from '../execute'
import { orWriteRefusal } from '../refusals'
import { keepLonger, keptNow } from './keep'
import { keepBytes, sha256Of } from './store'
import { maySee, type Subject, subjectsOf } from './subject'

export interface GivenEvidence {
  readonly bytes: Uint8Array
  readonly subjectType: string
  readonly subjectId: string
  readonly note?: string
}

export interface AddedEvidence {
  readonly sha256: string
  readonly mime: string
  readonly bytes: number
  /** It was with this subject already; nothing changed. */
  readonly known: boolean
}

const about = z.strictObject({
  subjectType: z.enum(EVIDENCE_SUBJECTS),
  subjectId: z.string().min(1).max(200),
  note: z.string().trim().max(200).default(''),
  /** Named, so that a refusal and a repeated request are about these bytes. */
  sha256: z.string(),
})

/**
 * Keeps a photo or document with a unit, return, claim, exception or adjustment. Throws a UserError: 403 without the permission, 413 above
 * LARGEST_EVIDENCE, 415 for what is neither picture nor PDF by its bytes, 404 outside of the actor's part of the company.
 */
export async function addEvidence(actor: Actor, given: GivenEvidence): Promise<AddedEvidence> {
  const { bytes, ...rest } = given
  const mime = await orWriteRefusal(actor, 'evidence.add', async () => {
    authorize(actor, 'evidence:add')
    return acceptable(bytes)
  })
  const { result } = await execute(actor, adding(bytes, mime), { ...rest, sha256: sha256Of(bytes) })
  return result
}

/** The type of a file that may be kept. Throws a UserError (413, 415) for any other. */
function acceptable(bytes: Uint8Array): string {
  if (bytes.length > LARGEST_EVIDENCE) throw tooBig()
  const mime = typeOfBytes(bytes)
  if (!mime)
    throw new UserError(
      'evidence_type',
      'This is no photo (JPEG, PNG, WebP, HEIC) and no PDF. Save it as one of these and add it again.',
      415,
      'file',
    )
  return mime
}

/** What a file above the limit is answered, wherever it is seen. */
export const tooBig = (): UserError =>
  new UserError(
    'evidence_too_big',
    `A file may have ${LARGEST_EVIDENCE / 1_000_000} MB. Make the picture smaller, or split the document.`,
    413,
    'file',
  )

/** The command of one upload. It is not in the registry, since its bytes do not come as JSON. */
const adding = (bytes: Uint8Array, mime: string): Command<z.output<typeof about>, AddedEvidence> =>
  command({
    name: 'evidence.add',
    title: 'Add evidence',
    permission: 'evidence:add',
    input: about,
    async run(context, { subjectType, subjectId, note, sha256 }) {
      const [subject] = await subjectsOf(context.tx, [{ type: subjectType, id: subjectId }])
      if (!subject || !maySee(context.actor, subject))
        throw new UserError(
          'not_found',
          `There is no ${subjectType} ${subjectId}, or it is not in your part of the company.`,
          404,
          'subjectId',
        )
      const answer = { sha256, mime, bytes: bytes.length }
      const retention = retentionOf(subjectType, mime)
      const made = await context.tx
        .insert(evidence)
        .values({
          ...answer,
          retentionClass: retention,
          keepUntil: keepUntil(retention, context.at),
          addedAt: context.at,
          addedBy: context.doer.id,
        })
        .onConflictDoNothing()
        .returning({ sha256: evidence.sha256 })
      if (made.length === 0) await keptNow(context, sha256)
      // Whoever adds bytes that are damaged on the disk mends them.
      await keepBytes(sha256, bytes)
      if (!(await link(context, sha256, subject, note))) return { ...answer, known: true }
      const longer = made.length > 0 ? undefined : await keepLonger(context, sha256, retention)
      await context.audit([
        {
          ...{ action: 'evidence.added', objectType: 'evidence', objectId: sha256 },
          ...{ rmaId: subject.rmaId, entity: subject.entity },
          diff: {
            ...{ [subject.type]: [null, subject.id], mime: [null, mime], bytes: [null, bytes.length] },
            ...(longer ?? { retentionClass: [null, retention] }),
          },
        },
      ])
      return { ...answer, known: false }
    },
  })

async function link(context: Context, sha256: string, subject: Subject, note: string): Promise<boolean> {
  const made = await context.tx
    .insert(evidenceLink)
    .values({
      ...{ sha256, subjectType: subject.type, subjectId: subject.id, note },
      ...{ at: context.at, by: context.doer.id },
    })
    .onConflictDoNothing()
    .returning({ sha256: evidenceLink.sha256 })
  return made.length > 0
}
