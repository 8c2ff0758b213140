import { firstOf, type SearchParams } from '@/components/filters/view-state'
import { type AskedExceptions, EXCEPTION_SORTS } from '@/lib/workflow/read/exceptions-types'

/** What the address of the queue says; what cannot be read is not asked. */
export function askedExceptions(params: SearchParams): AskedExceptions {
  const text = (name: string) => firstOf(params[name])?.trim() ?? ''
  const page = Number(text('page'))
  return {
    ...(text('kind') ? { kind: text('kind') } : {}),
    ...(text('owner') ? { owner: text('owner') } : {}),
    ...(text('facility') ? { facility: text('facility') } : {}),
    mine: text('mine') === '1',
    overdue: text('overdue') === '1',
    sort: EXCEPTION_SORTS.find((known) => known === text('sort')) ?? 'due',
    page: Number.isInteger(page) && page > 0 && page < 10_000 ? page : 1,
  }
}
