import { DIMENSIONS } from '@/lib/metrics/dimensions'
import { type ViewState, writeViewState } from '../filters/view-state'
import { MetricOptions } from '../ui/metric-options'
import { type AskedExplore, LIMITS, MOST_METRICS } from './asked-explore'
import { PRESETS } from './presets'

/** The questions that people come with, then every other one: which figures, cut by what, how many groups. Whole without scripts. */
export function ExploreControls({
  asked,
  state,
  link,
}: {
  asked: AskedExplore
  state: ViewState
  link: (own: Partial<AskedExplore['own']>) => string
}) {
  const by = asked.by.map(({ id }) => id).join()
  const metrics = asked.metrics.map(({ id }) => id).join()
  const clean = { order: undefined, limit: undefined }
  return (
    <div className="noprint mb-4 flex flex-col gap-3">
      <nav aria-label="Common questions" className="flex flex-wrap items-center gap-1">
        <span className="pr-1 text-xs text-muted">By</span>
        {PRESETS.map((preset) => (
          <a
            key={preset.id}
            className="control"
            aria-current={by === preset.by.join() && metrics === preset.metrics.join() ? 'true' : undefined}
            href={link({
              ...clean,
              metrics: preset.metrics === PRESETS[0]?.metrics ? undefined : preset.metrics.join(),
              by: preset.id === 'item' ? undefined : preset.by.join(),
            })}
          >
            {preset.label}
          </a>
        ))}
      </nav>
      <form action="/explore" data-auto className="flex flex-wrap items-end gap-2">
        {[...writeViewState(state)].map(([name, value]) => (
          <input key={`${name}${value}`} type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="metrics" value={metrics} />
        {asked.own.order && asked.metrics.some(({ id }) => id === asked.order.column) ? (
          <input type="hidden" name="order" value={asked.own.order} />
        ) : null}
        <Choice label="Cut by" name="by" value={asked.by[0]?.id ?? 'sku'}>
          <Dimensions without={asked.by[1]?.id} />
        </Choice>
        <Choice label="and by" name="by" value={asked.by[1]?.id ?? ''}>
          <option value="">nothing else</option>
          <Dimensions without={asked.by[0]?.id} />
        </Choice>
        {asked.metrics.length < MOST_METRICS ? (
          <Choice label="Add a figure" name="metrics" value="">
            <option value="">Choose…</option>
            <MetricOptions without={asked.metrics} />
          </Choice>
        ) : null}
        {asked.time && asked.by.length === 1 ? null : (
          <Choice label="Show" name="limit" value={String(asked.limit)}>
            {[...new Set([...LIMITS, asked.limit])]
              .toSorted((a, b) => a - b)
              .map((limit) => (
                <option key={limit} value={limit}>
                  first {limit}
                </option>
              ))}
          </Choice>
        )}
        <noscript>
          <button type="submit" className="control">
            Show
          </button>
        </noscript>
      </form>
    </div>
  )
}

function Choice(props: { label: string; name: string; value: string; children: React.ReactNode }) {
  return (
    <label className="text-xs text-muted">
      <span className="block pb-0.5">{props.label}</span>
      {/* The server's answer is the choice: without a key the browser would keep the one before. */}
      <select key={props.value} name={props.name} defaultValue={props.value} className="field max-w-48">
        {props.children}
      </select>
    </label>
  )
}

const KINDS = [
  { label: 'Time', of: (id: string) => DIMENSIONS[id]?.kind === 'time' && id !== 'hour' },
  { label: 'Of sales and returns', of: (id: string) => DIMENSIONS[id]?.columns.sales !== undefined },
  {
    label: 'Of returns',
    of: (id: string) => DIMENSIONS[id]?.columns.units !== undefined && DIMENSIONS[id]?.columns.sales === undefined,
  },
  {
    label: 'Of some figures',
    of: (id: string) =>
      DIMENSIONS[id]?.kind === 'code' &&
      DIMENSIONS[id]?.columns.units === undefined &&
      DIMENSIONS[id]?.columns.sales === undefined,
  },
] as const

function Dimensions({ without }: { without: string | undefined }) {
  return KINDS.map((kind) => (
    <optgroup key={kind.label} label={kind.label}>
      {Object.values(DIMENSIONS)
        .filter(({ id }) => id !== without && kind.of(id))
        .map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
    </optgroup>
  ))
}
