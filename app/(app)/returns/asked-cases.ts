import { readSort, writeSort } from '@/components/cases/case-table'
import { firstOf, type SearchParams, type ViewState, valuesOf } from '@/components/filters/view-state'
import { type AskedCases, CASE_FACETS } from '@/lib/workflow/read/cases-types'

/** What the address of the list says, and the same as parameters for its links (defaults left out). */
export function askedCases(params: SearchParams, state: ViewState) {
  const text = (name: string) => firstOf(params[name])?.trim() ?? ''
  const q = text('q').slice(0, 200)
  const status = text('status')
  const { sort, descending } = readSort(text('sort'))
  const after = text('after')
  const asked: AskedCases = {
    ...(q ? { q } : {}),
    ...(status ? { status } : {}),
    ...(after ? { after } : {}),
    facets: Object.fromEntries(CASE_FACETS.map((facet) => [facet, valuesOf(state, facet)])),
    sort,
    descending,
  }
  const own: Record<string, string | undefined> = {
    q: q || undefined,
    status: status || undefined,
    sort: writeSort(sort, descending),
  }
  return { asked, own, peek: text('peek') }
}
