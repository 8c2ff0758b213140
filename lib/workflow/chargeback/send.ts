import { and, eq, isNull } from 'drizzle-orm'
import { db, withTransaction } from '../../db/client'
import { chargebackAnswer, providerRefund, settlement } from '../../db/schema'
import { formatUnits } from '../../money'
import type { PaymentProvider } from '../../payments/provider'
import { audit } from '../record/audit'
import { PAYMENTS } from '../settlements/change'

const AT_ONCE = 20

/**
 * Sends our answers to chargebacks that this provider has reported. Sending one twice is harmless, so an unknown outcome is simply sent again;
 * what the provider will never take is kept with its reason and shown. Returns how many were taken or refused.
 */
export async function sendAnswers(provider: PaymentProvider, at: Date): Promise<number> {
  const waiting = await db()
    .select({ answer: chargebackAnswer, row: settlement, ref: providerRefund.ref })
    .from(chargebackAnswer)
    .innerJoin(settlement, eq(settlement.id, chargebackAnswer.settlementId))
    .innerJoin(
      providerRefund,
      and(
        eq(providerRefund.settlementId, settlement.id),
        eq(providerRefund.provider, provider.name),
        eq(providerRefund.kind, 'chargeback'),
      ),
    )
    .where(and(isNull(chargebackAnswer.sentAt), eq(chargebackAnswer.lastError, '')))
    .orderBy(chargebackAnswer.answeredAt)
    .limit(AT_ONCE)
  let done = 0
  for (const { answer, row, ref } of waiting) {
    const outcome = await provider.answer(
      answer.answer === 'accepted'
        ? { ref, answer: 'accepted' }
        : { ref, answer: 'disputed', text: await textOf(answer, row) },
    )
    if (outcome.state === 'unknown') continue
    done += 1
    const change = outcome.state === 'taken' ? { sentAt: at } : { lastError: outcome.reason }
    await withTransaction(async (tx) => {
      await audit(tx, PAYMENTS, at, [
        {
          action: outcome.state === 'taken' ? 'chargeback.answer_sent' : 'chargeback.answer_refused',
          objectType: 'settlement',
          objectId: row.id,
          rmaId: row.rmaId,
          entity: row.entity,
          diff: { answer: [null, answer.answer], provider: [null, provider.name] },
        },
      ])
      await tx
        .update(chargebackAnswer)
        .set(change)
        .where(and(eq(chargebackAnswer.settlementId, row.id), eq(chargebackAnswer.answeredAt, answer.answeredAt)))
    })
  }
  return done
}

/** What the bank reads: what a person wrote, what was given back already, and the documents by their content. */
async function textOf(
  answer: typeof chargebackAnswer.$inferSelect,
  row: typeof settlement.$inferSelect,
): Promise<string> {
  const given = await db()
    .select()
    .from(settlement)
    .where(and(eq(settlement.orderId, row.orderId), eq(settlement.state, 'paid')))
    .orderBy(settlement.paidAt)
  return [
    answer.note,
    ...given
      .filter(({ kind }) => kind !== 'chargeback')
      .map(
        ({ kind, amount, currency, paidAt, providerRef }) =>
          `Given back on ${paidAt?.toISOString().slice(0, 10) ?? 'an unknown day'}: ${kind.replaceAll('_', ' ')} of ${formatUnits(amount, 2)} ${currency}${providerRef ? `, ${providerRef}` : ''}.`,
      ),
    `Documents (SHA-256): ${answer.evidence.join(', ')}.`,
  ].join('\n')
}
