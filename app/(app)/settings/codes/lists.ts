import type { CodeListView } from '@/components/settings/code-list'
import { type Actor, can } from '@/lib/auth/actor'
import { type Formatter, humanize, NONE } from '@/lib/format'
import { runQuery } from '@/lib/metrics/run'
import { CBV } from '@/lib/returns/cbv'
import {
  CONDITION_MEANINGS,
  COST_MEANINGS,
  DISPOSITION_MEANINGS,
  FINDING_MEANINGS,
  REASON_MEANINGS,
  RETURN_TYPE_MEANINGS,
  SETTLEMENT_MEANINGS,
  STATUS_MEANINGS,
} from '@/lib/returns/code-meanings'

interface Listed {
  readonly id: string
  readonly title: string
  readonly meanings: Readonly<Record<string, string>>
  /** The figure that says how much carries each code: a metric by the dimension of the list. */
  readonly count?: { readonly metric: string; readonly words: string }
}

const asked = { metric: 'requested_units', words: 'Units asked for' }
const inspected = { metric: 'inspected_units', words: 'Units inspected' }

const LISTS: readonly Listed[] = [
  { id: 'reason', title: 'Reasons: what the customer said', meanings: REASON_MEANINGS, count: asked },
  { id: 'finding', title: 'Findings: what the inspector found', meanings: FINDING_MEANINGS, count: inspected },
  { id: 'condition', title: 'Condition grades', meanings: CONDITION_MEANINGS, count: inspected },
  {
    ...{ id: 'disposition', title: 'Dispositions: what becomes of it', meanings: DISPOSITION_MEANINGS },
    count: { metric: 'dispositioned_units', words: 'Units decided' },
  },
  { id: 'status', title: 'Statuses of a unit', meanings: STATUS_MEANINGS, count: asked },
  { id: 'return_type', title: 'Kinds of return', meanings: RETURN_TYPE_MEANINGS, count: asked },
  { id: 'settlement', title: 'Kinds of settlement', meanings: SETTLEMENT_MEANINGS },
  { id: 'cost', title: 'Kinds of cost', meanings: COST_MEANINGS },
]

/** The standard lists with what each code says and how many units of `[from, to)` carry it, within the reader's rows. */
export async function codeLists(
  actor: Actor,
  days: { readonly from: string; readonly to: string; readonly tz: string },
  format: Formatter,
): Promise<CodeListView[]> {
  const counts = can(actor, 'metrics:read')
  return Promise.all(
    LISTS.map(async ({ id, title, meanings, count }) => {
      const units = count && counts ? await carrying(actor, count.metric, id, days) : undefined
      return {
        ...{ id, title, counted: units && count ? count.words : '' },
        codes: Object.entries(meanings).map(([code, means]) => ({
          ...{ code, means, name: id === 'condition' ? code : humanize(code), cbv: id === 'status' ? cbvOf(code) : '' },
          units: units ? format.count(units.get(code) ?? 0) : NONE,
        })),
      }
    }),
  )
}

function cbvOf(status: string): string {
  const words = Object.hasOwn(CBV, status) ? CBV[status as keyof typeof CBV] : undefined
  return words ? [words.bizStep, words.disposition].filter(Boolean).join(', ') : ''
}

async function carrying(
  actor: Actor,
  metric: string,
  dimension: string,
  { from, to, tz }: { readonly from: string; readonly to: string; readonly tz: string },
): Promise<Map<string, number>> {
  const { rows } = await runQuery(actor, {
    ...{ metrics: [metric], by: [dimension], from, to, tz, basis: 'activity', filters: [], limit: 1000 },
  })
  return new Map(rows.map((row) => [String(row[dimension] ?? ''), Number(row[metric] ?? 0)]))
}
