import type { CaseFacet, CaseList } from '@/lib/workflow/read/cases-types'
import { Choices, Menu } from '../filters/menu'
import { FILTERED, href, type ViewState, valuesOf, withFilter, writeViewState } from '../filters/view-state'

const PLURAL: Readonly<Record<CaseFacet, string>> = {
  facility: 'facilities',
  channel: 'channels',
  entity: 'entities',
  reason: 'reasons',
}

/** What the list can be narrowed to, each with how many there are. Facility, channel and entity are those of every page. */
export function CaseFacets({
  facets,
  state,
  own,
  name,
  count,
}: {
  facets: CaseList['facets']
  state: ViewState
  /** The page's own parameters, kept by every link. */
  own: Readonly<Record<string, string | undefined>>
  name: (dimension: string, value: string) => string
  count: (n: number) => string
}) {
  return (
    <>
      {FILTERED.map((facet) => {
        const chosen = valuesOf(state, facet)
        const gone = chosen.filter((value) => !facets[facet].some((each) => each.value === value))
        return (
          <Menu
            key={facet}
            label={LABEL[facet]}
            value={chosenWords(facet, chosen, name)}
            clear={
              chosen.length > 0 ? href('/returns', state, { filters: withFilter(state, facet, []) }, own) : undefined
            }
          >
            <form action="/returns" data-auto className="flex max-h-80 flex-col">
              {kept(state, own, facet)}
              <fieldset className="min-h-0 overflow-y-auto p-1">
                <legend className="sr-only">{LABEL[facet]}</legend>
                {[...facets[facet], ...gone.map((value) => ({ value, n: 0 }))].map(({ value, n }) => (
                  <label
                    key={value}
                    className="flex cursor-pointer items-center gap-2 rounded px-2 py-1 text-sm hover:bg-panel"
                  >
                    <input
                      type="checkbox"
                      name={facet}
                      value={value}
                      defaultChecked={chosen.includes(value)}
                      className="size-3.5 accent-accent"
                    />
                    {name(facet, value)}
                    <span className="num ml-auto pl-6 text-muted">{count(n)}</span>
                  </label>
                ))}
              </fieldset>
              <noscript>
                <button type="submit" className="control primary m-2 justify-center">
                  Show
                </button>
              </noscript>
            </form>
          </Menu>
        )
      })}
      <ReasonMenu facets={facets} state={state} own={own} name={name} count={count} />
    </>
  )
}

const LABEL: Readonly<Record<CaseFacet, string>> = {
  facility: 'Facility',
  channel: 'Channel',
  entity: 'Entity',
  reason: 'Reason',
}

const chosenWords = (facet: CaseFacet, chosen: readonly string[], name: (d: string, v: string) => string): string => {
  const [only] = chosen
  if (only === undefined) return `All ${PLURAL[facet]}`
  return chosen.length === 1 ? name(facet, only) : `${chosen.length} ${PLURAL[facet]}`
}

function ReasonMenu({ facets, state, own, name, count }: Parameters<typeof CaseFacets>[0]) {
  const chosen = valuesOf(state, 'reason')
  const to = (values: string[]) => href('/returns', state, { filters: withFilter(state, 'reason', values) }, own)
  return (
    <Menu label="Reason" value={chosenWords('reason', chosen, name)} clear={chosen.length > 0 ? to([]) : undefined}>
      <Choices
        items={facets.reason.map(({ value, n }) => ({
          href: to([value]),
          label: `${name('reason', value)} (${count(n)})`,
          chosen: chosen.includes(value),
        }))}
      />
    </Menu>
  )
}

/** What the form carries along so that it changes only its own facet. */
function kept(state: ViewState, own: Readonly<Record<string, string | undefined>>, without: CaseFacet) {
  const params = writeViewState(state)
  for (const [key, value] of Object.entries(own)) if (value !== undefined) params.set(key, value)
  return [...params]
    .filter(([key, value]) => key !== 'filter' || !value.startsWith(`${without}:`))
    .map(([key, value]) => <input key={`${key}${value}`} type="hidden" name={key} value={value} />)
}
