import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { chargebackAnswer, evidence, evidenceLink, type settlement } from '../../db/schema'
import { UserError } from '../../errors'
import { type Context, command } from '../command'
import { resolveByMachine } from '../exceptions'
import { requireInScope } from '../scope'
import { lockSettlement } from '../settlements/effect'
import { requireMoneyOpen } from '../settlements/open'

type Answer = typeof chargebackAnswer.$inferSelect

const settlementId = z.string().min(1).max(160)

/** Lets a chargeback stand: what the bank took is gone, and its exception ends. */
const accept = command({
  name: 'chargeback.accept',
  title: 'Let the chargeback stand',
  permission: 'settlements:pay',
  input: z.strictObject({ settlementId, reason: z.string().trim().min(3, 'Say why.').max(500) }),
  async run(context, input) {
    const row = await lockChargeback(context, 'chargeback.accept', input.settlementId)
    await answer(context, row, { answer: 'accepted', note: input.reason, evidence: [] })
    for (const kind of ['duplicate_credit', 'over_credit'] as const)
      await resolveByMachine(context, {
        ...{ kind, unitId: row.unitId, subject: row.id, resolution: 'accepted' },
        note: `Chargeback accepted: ${input.reason}`,
      })
    return { settlementId: row.id }
  },
})

/** Disputes a chargeback with documents of its case, such as the receipt of the refund. The bank decides. */
const dispute = command({
  name: 'chargeback.dispute',
  title: 'Dispute the chargeback',
  permission: 'settlements:pay',
  input: z.strictObject({
    settlementId,
    /** SHA-256 of files that were added to the case. */
    evidence: z
      .array(z.string().regex(/^[0-9a-f]{64}$/, 'A file is named by its SHA-256.'))
      .min(1, 'Name a document of the case that shows it.')
      .max(20),
    note: z.string().trim().min(8, 'Say in a few words what the documents show.').max(2_000),
  }),
  async run(context, input) {
    const row = await lockChargeback(context, 'chargeback.dispute', input.settlementId)
    await ofTheCase(context, row, input.evidence)
    await answer(context, row, { answer: 'disputed', note: input.note, evidence: [...new Set(input.evidence)].sort() })
    await resolveByMachine(context, {
      ...{ kind: 'duplicate_credit', unitId: row.unitId, subject: row.id, resolution: 'chargeback_contested' },
      note: `Chargeback disputed: ${input.note}`,
    })
    return { settlementId: row.id }
  },
})

async function lockChargeback(context: Context, name: string, id: string): Promise<typeof settlement.$inferSelect> {
  const row = await lockSettlement(context, id)
  requireInScope(context.actor, { entity: row.entity, channel: row.channel }, `settlement ${row.id}`)
  await requireMoneyOpen(context, name, row)
  // Who approved a refund does not say what becomes of it at the bank.
  context.duty('pay', { rmaId: row.rmaId, unitId: row.unitId })
  return row
}

/** What proves it was added to this case, is still there, and is not destroyed. */
async function ofTheCase(
  { tx }: Context,
  row: typeof settlement.$inferSelect,
  files: readonly string[],
): Promise<void> {
  const found = await tx
    .select({ sha256: evidence.sha256 })
    .from(evidenceLink)
    .innerJoin(evidence, eq(evidence.sha256, evidenceLink.sha256))
    .where(
      and(
        inArray(evidence.sha256, [...files]),
        isNull(evidence.purgedAt),
        or(
          and(eq(evidenceLink.subjectType, 'unit'), eq(evidenceLink.subjectId, row.unitId)),
          and(eq(evidenceLink.subjectType, 'rma'), eq(evidenceLink.subjectId, row.rmaId || '-')),
        ),
      ),
    )
  const there = new Set(found.map(({ sha256 }) => sha256))
  const missing = files.find((each) => !there.has(each))
  if (missing)
    throw new UserError(
      'evidence_missing',
      `${missing.slice(0, 12)}… is no document of this case: add it to the case first.`,
      409,
      'evidence',
    )
}

async function answer(
  context: Context,
  row: typeof settlement.$inferSelect,
  said: Pick<Answer, 'answer' | 'note' | 'evidence'>,
): Promise<void> {
  const values = { ...said, answeredBy: context.doer.id, answeredAt: context.at, sentAt: null, lastError: '' }
  await context.tx
    .insert(chargebackAnswer)
    .values({ settlementId: row.id, ...values })
    .onConflictDoUpdate({ target: chargebackAnswer.settlementId, set: values })
  await context.audit(
    [
      {
        action: `chargeback.${said.answer}`,
        objectType: 'settlement',
        objectId: row.id,
        rmaId: row.rmaId,
        entity: row.entity,
        diff: { answer: [null, said.answer], evidence: [null, said.evidence] },
      },
    ],
    { reason: said.note },
  )
}

export const chargebackCommands = [accept, dispute] as const
