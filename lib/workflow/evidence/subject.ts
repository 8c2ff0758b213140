import { inArray } from 'drizzle-orm'
import { type Actor, can } from '../../auth/actor'
import type { Permission } from '../../auth/permissions'
import type { Transaction } from '../../db/client'
import { caseException, returnUnit, rma, stockAdjustment, supplierClaim } from '../../db/schema'
import { EVIDENCE_SUBJECTS, type EvidenceSubject } from '../../returns/evidence'

/** What a file is about, as far as it decides who may see it. */
export interface Subject {
  readonly type: EvidenceSubject
  readonly id: string
  readonly rmaId: string
  readonly entity: string
  readonly facility?: string
  readonly channel?: string
}

type On = Pick<Transaction, 'select'>

/** What somebody must be allowed to see, to see what proves it. */
const NEEDS: Readonly<Record<EvidenceSubject, Permission>> = {
  unit: 'cases:read',
  rma: 'cases:read',
  claim: 'claims:read',
  exception: 'exceptions:read',
  adjustment: 'cases:read',
}

const READERS: Readonly<Record<EvidenceSubject, (on: On, ids: string[]) => Promise<Omit<Subject, 'type'>[]>>> = {
  unit: async (on, ids) =>
    (await on.select().from(returnUnit).where(inArray(returnUnit.id, ids))).map(
      ({ id, rmaId, entity, facility, channel }) => ({ id, rmaId: rmaId ?? '', entity, facility, channel }),
    ),
  rma: async (on, ids) =>
    (await on.select().from(rma).where(inArray(rma.id, ids))).map(({ id, entity, facility, channel }) => ({
      ...{ id, rmaId: id, entity, facility, channel },
    })),
  claim: async (on, ids) => {
    const claims = await on.select().from(supplierClaim).where(inArray(supplierClaim.id, ids))
    const units = await READERS.unit(on, claims.map(({ unitId }) => unitId).concat('-'))
    // A claim is seen by who sees its unit: a supplier's warehouse is not a reason to see another's goods.
    return claims.flatMap(({ id, unitId }) =>
      units.filter((unit) => unit.id === unitId).map((unit) => ({ ...unit, id })),
    )
  },
  exception: async (on, ids) =>
    (await on.select().from(caseException).where(inArray(caseException.id, ids))).map(
      ({ id, rmaId, entity, facility, channel }) => ({ id, rmaId, entity, facility, channel }),
    ),
  adjustment: async (on, ids) =>
    (await on.select().from(stockAdjustment).where(inArray(stockAdjustment.id, ids))).map(
      ({ id, entity, facility }) => ({ id, rmaId: '', entity, facility }),
    ),
}

/** The subjects among these that exist. */
export async function subjectsOf(
  on: On,
  asked: readonly { readonly type: EvidenceSubject; readonly id: string }[],
): Promise<Subject[]> {
  const found: Subject[] = []
  for (const type of EVIDENCE_SUBJECTS) {
    const ids = new Set(asked.flatMap((each) => (each.type === type ? [each.id] : [])))
    if (ids.size === 0) continue
    const rows = await READERS[type](on, [...ids])
    found.push(...rows.map((row) => ({ ...row, type })))
  }
  return found
}

/** Whether a subject is in somebody's part of the company. */
export function inScope(actor: Actor, subject: Subject): boolean {
  const { entities, facilities, channels } = actor.scope
  const within = (allowed: readonly string[] | null, value: string | undefined) =>
    allowed === null || value === undefined || allowed.includes(value)
  return within(entities, subject.entity) && within(facilities, subject.facility) && within(channels, subject.channel)
}

/** Whether somebody may see what is about this. */
export const maySee = (actor: Actor, subject: Subject): boolean =>
  can(actor, NEEDS[subject.type]) && inScope(actor, subject)
