import { AGE_BUCKETS, type TrappedByAge } from '../overview-types'
import { ask } from '../run'
import { figureOf } from './figures'
import { frameOf, metricsOf, questionOf, type View } from './view'

/** Trapped value by status and by how long it has been in it. */
export async function trappedOf(view: View): Promise<TrappedByAge> {
  const question = questionOf(view, ['trapped_value', 'trapped_units'], ['status', 'age_bucket'])
  const metrics = metricsOf(view, ['trapped_value', 'trapped_units'])
  const [answer] = await ask(view.client, question, [{ frame: frameOf(view, 'now', view.spec), metrics }])
  const cells = (answer?.rows ?? []).flatMap((row) => {
    const bucket = AGE_BUCKETS.find((known) => known === row.age_bucket)
    return bucket
      ? [
          {
            status: String(row.status),
            bucket,
            value: row.trapped_value ?? null,
            units: Number(row.trapped_units ?? 0),
          },
        ]
      : []
  })
  return {
    asOf: new Date(view.instant).toISOString(),
    cells,
    total: figureOf(view, 'trapped_value', answer?.totals.trapped_value ?? null),
  }
}

const OLD = new Set(['15–30', '31–60', '60+'])

/** What of it has been there for 15 days or more. */
export function olderPart({ cells, total }: TrappedByAge): { share: number | null; units: number } {
  const old = cells.filter(({ bucket }) => OLD.has(bucket))
  const whole = Number(total.value ?? 0)
  return {
    share: whole > 0 ? old.reduce((sum, { value }) => sum + Number(value), 0) / whole : null,
    units: old.reduce((sum, { units }) => sum + units, 0),
  }
}
