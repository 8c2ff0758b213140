import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import type { Transaction } from '../../db/client'
import { chargebackAnswer, evidence, evidenceLink, replacement, returnUnit, storeCredit } from '../../db/schema'
import { UserError } from '../../errors'
import { type SettlementState, whyMoneyClosed } from '../../returns/settlement-lifecycle'
import type { SettlementRow } from '../record/types'

type On = Pick<Transaction, 'select'>

/** Settlements as the table of what may be done with them asks about them, by id. */
export async function moneyStates(on: On, rows: readonly SettlementRow[]): Promise<Map<string, SettlementState>> {
  if (rows.length === 0) return new Map()
  const ids = rows.map(({ id }) => id)
  const credits = rows.filter(({ kind }) => kind === 'store_credit')
  const [replacements, answers, held, documents] = await Promise.all([
    on.select().from(replacement).where(inArray(replacement.settlementId, ids)),
    on.select().from(chargebackAnswer).where(inArray(chargebackAnswer.settlementId, ids)),
    credits.length === 0
      ? []
      : on
          .select({
            unitId: returnUnit.id,
            entity: storeCredit.entity,
            currency: storeCredit.currency,
            held: storeCredit.balance,
          })
          .from(storeCredit)
          .innerJoin(
            returnUnit,
            and(
              eq(returnUnit.customerId, storeCredit.customerId),
              inArray(
                returnUnit.id,
                credits.map(({ unitId }) => unitId),
              ),
            ),
          ),
    documentsOf(
      on,
      rows.filter(({ kind }) => kind === 'chargeback'),
    ),
  ])
  const sent = new Map(replacements.map((row) => [row.settlementId, row.state]))
  const said = new Map(answers.map((row) => [row.settlementId, row.answer]))
  return new Map(
    rows.map(({ id, unitId, rmaId, kind, state, external, entity, currency }) => [
      id,
      {
        ...{ kind, state, external, replacement: sent.get(id) ?? null, answer: said.get(id) ?? null },
        held:
          held.find((each) => each.unitId === unitId && each.entity === entity && each.currency === currency)?.held ??
          0n,
        documents: documents.filter((about) => about === unitId || about === rmaId).length,
      },
    ]),
  )
}

/** What is proved, once for each document that is there: units and cases of these settlements. */
async function documentsOf(on: On, rows: readonly SettlementRow[]): Promise<string[]> {
  if (rows.length === 0) return []
  const found = await on
    .select({ about: evidenceLink.subjectId })
    .from(evidenceLink)
    .innerJoin(evidence, eq(evidence.sha256, evidenceLink.sha256))
    .where(
      and(
        isNull(evidence.purgedAt),
        or(
          and(
            eq(evidenceLink.subjectType, 'unit'),
            inArray(
              evidenceLink.subjectId,
              rows.map(({ unitId }) => unitId),
            ),
          ),
          and(
            eq(evidenceLink.subjectType, 'rma'),
            inArray(
              evidenceLink.subjectId,
              rows
                .map(({ rmaId }) => rmaId)
                .filter(Boolean)
                .concat('-'),
            ),
          ),
        ),
      ),
    )
  return found.map(({ about }) => about)
}

/** Refuses (409, code `not_now`) when the table does not have this command open to the settlement. */
export async function requireMoneyOpen(
  { tx }: { readonly tx: On },
  command: string,
  row: SettlementRow,
): Promise<void> {
  const state = (await moneyStates(tx, [row])).get(row.id)
  const why = state && whyMoneyClosed(command, state)
  if (why) throw new UserError('not_now', why, 409, 'settlementId')
}
