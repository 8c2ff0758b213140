import { humanize } from '@/lib/format'
import type { Dimension, MetricDefinition } from '@/lib/metrics/definition-types'
import { BASIS_WORDS } from '../overview/figure'

const UNITS = { count: 'count', money: 'money', ratio: 'ratio', days: 'days', ppm: 'per million' } as const
const GOOD = { up: 'more is better', down: 'less is better', none: 'neither way is better' } as const

export interface GlossaryProps {
  families: { family: string; metrics: MetricDefinition[] }[]
  dimensions: Dimension[]
  codes: { title: string; codes: readonly string[] }[]
  rowsHref: (metric: string) => string
}

/** Definitions as a book: contents at the left where there is room, one entry a metric, each with an address of its own. */
export function Glossary({ families, dimensions, codes, rowsHref }: GlossaryProps) {
  return (
    <div className="gap-x-12 lg:grid lg:grid-cols-[11rem_minmax(0,1fr)]">
      <nav aria-label="Contents" className="max-lg:hidden">
        <ul className="sticky top-16 text-sm">
          {[...families.map(({ family }) => family), 'dimensions', 'codes'].map((part) => (
            <li key={part}>
              <a className="block rounded px-2 py-1 text-muted hover:bg-panel hover:text-ink" href={`#${part}`}>
                {humanize(part)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="min-w-0 max-w-[62rem]">
        <h1 className="text-lg">Glossary</h1>
        <p className="mb-6 max-w-[76ch] text-muted">
          What every figure means and how it is reckoned, out of the definitions that compute it.
        </p>
        {families.map(({ family, metrics }) => (
          <section key={family} aria-labelledby={family} className="mb-8">
            <h2 id={family} className="mb-1 text-md">
              {humanize(family)}
            </h2>
            <dl>
              {metrics.map((metric) => (
                <Entry key={metric.id} metric={metric} rowsHref={rowsHref} />
              ))}
            </dl>
          </section>
        ))}
        <section aria-labelledby="dimensions" className="mb-8">
          <h2 id="dimensions" className="mb-1 text-md">
            Dimensions
          </h2>
          <ul className="grid grid-cols-2 gap-x-6 border-t border-line pt-2 text-sm sm:grid-cols-3 xl:grid-cols-4">
            {dimensions.map((dimension) => (
              <li key={dimension.id} className="py-0.5">
                {dimension.label} <code className="text-xs text-muted">{dimension.id}</code>
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="codes">
          <h2 id="codes" className="mb-1 text-md">
            Codes
          </h2>
          <p className="mb-2 max-w-[76ch] text-sm text-muted">
            The standard codes. Other systems&rsquo; own codes are mapped onto these before they become events.
          </p>
          <div className="grid gap-x-8 gap-y-6 border-t border-line pt-3 sm:grid-cols-2 xl:grid-cols-3">
            {codes.map(({ title, codes: list }) => (
              <div key={title}>
                <h3 className="mb-1 text-sm">{title}</h3>
                <ul className="text-sm">
                  {list.map((code) => (
                    <li key={code} className="flex justify-between gap-3 border-b border-line py-0.5">
                      {humanize(code)} <code className="text-xs text-muted">{code}</code>
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </div>
        </section>
      </div>
    </div>
  )
}

function Entry({ metric, rowsHref }: { metric: MetricDefinition; rowsHref: (metric: string) => string }) {
  const facts: [string, string | undefined][] = [
    ['Formula', metric.formula],
    ['Numerator', metric.numerator],
    ['Denominator', metric.denominator],
    ['Basis', metric.asOf ? 'As of an instant' : metric.bases.map((basis) => BASIS_WORDS[basis]).join('; ')],
    ['Answers for it', humanize(metric.owner)],
  ]
  return (
    <div id={metric.id} className="scroll-mt-14 border-t border-line py-3 target:bg-sel">
      <dt className="flex flex-wrap items-baseline gap-x-3">
        <span className="font-medium">{metric.label}</span>
        <code className="text-xs text-muted">{metric.id}</code>
        <span className="text-xs text-muted">
          {UNITS[metric.unit]}, {GOOD[metric.good]}
        </span>
        <a className="link ml-auto text-sm" href={rowsHref(metric.id)}>
          Rows<span className="sr-only"> of {metric.label}</span>
        </a>
      </dt>
      <dd>
        <p className="max-w-[76ch]">{metric.sentence}</p>
        <dl className="mt-1 grid gap-x-4 text-xs text-muted sm:grid-cols-[7rem_1fr]">
          {facts.map(([name, text]) =>
            text ? (
              <div key={name} className="contents">
                <dt>{name}</dt>
                <dd className="max-w-[90ch] text-ink max-sm:mb-1">{text}</dd>
              </div>
            ) : null,
          )}
        </dl>
      </dd>
    </div>
  )
}
