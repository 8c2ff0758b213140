import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { firstOf, href, type SearchParams } from '@/components/filters/view-state'
import { SimulationCases } from '@/components/settings/simulation-cases'
import { SimulationForm } from '@/components/settings/simulation-form'
import { SimulationProgress } from '@/components/settings/simulation-progress'
import { SimulationResult } from '@/components/settings/simulation-result'
import { PanelMessage, Section } from '@/components/ui/panel'
import { type Actor, can } from '@/lib/auth/actor'
import { humanize } from '@/lib/format'
import { simulatedKind } from '@/lib/returns/simulation-kinds'
import { policyVersion } from '@/lib/workflow/read/settings'
import { POLICY_KINDS, type PolicyKindName } from '@/lib/workflow/read/settings-types'
import { simulatedCases, simulationChoices, simulationRun, simulationsOf } from '@/lib/workflow/read/simulation'
import { naming } from '../../../../names'
import { panelOf } from '../../../../panel-of'
import { WorkFrame, workAsked } from '../../../../work-frame'
import { type SimulationParams, simulationParams } from './asked-simulation'
import { casesView, resultView, runLine } from './view'

export const metadata: Metadata = { title: 'Policy on the past' }

async function read(actor: Actor, kind: PolicyKindName, asked: SimulationParams) {
  const [{ line, versions }, choices, runs, run] = await Promise.all([
    policyVersion(actor, kind, { version: asked.version }),
    simulationChoices(actor),
    simulationsOf(actor, kind),
    asked.run === undefined ? null : simulationRun(actor, kind, asked.run),
  ])
  const cases =
    run?.state === 'done'
      ? await simulatedCases(actor, kind, run.id, { verdict: asked.verdict, row: asked.row, offset: asked.offset })
      : null
  return { line, versions, choices, runs, run, cases }
}

/** A version of a policy tried on the past: what is tried, how far it is, what it would have changed, and the cases behind it. */
export default async function SimulationPage({
  params,
  searchParams,
}: {
  params: Promise<{ kind: string }>
  searchParams: Promise<SearchParams>
}) {
  const named = (await params).kind
  const kind = POLICY_KINDS.find((each) => each === named)
  if (!kind) notFound()
  const path = `/settings/policies/${kind}/simulation`
  const request = await workAsked(path, searchParams, ['policies:edit', 'policies:approve', 'audit:read'])
  const { actor, state, context } = request
  const { format } = context
  const query = await searchParams
  const asked = simulationParams(query)
  const own = Object.fromEntries(
    ['version', 'against', 'run', 'verdict', 'row', 'offset'].map((name) => [name, firstOf(query[name])]),
  )
  const link = (change: Record<string, string | undefined>) =>
    href(path, state, {}, { ...own, offset: undefined, ...change })
  const panel = await panelOf(() => read(actor, kind, asked))
  const data = panel.state === 'ok' ? panel.data : null
  const run = data?.run ?? null
  const decides = data?.versions.find((each) => each.decides)
  const tried = run?.version ?? data?.line.version ?? 0
  const words = simulatedKind(kind)
  const csv =
    run && (context.exports || can(actor, 'policies:edit'))
      ? href(`${path}/csv`, state, {}, { run: run.id, verdict: own.verdict, row: own.row })
      : null
  return (
    <WorkFrame asked={request} current="settings" path={path}>
      {data ? (
        <>
          <h1 className="text-lg">{humanize(kind)} policy on the past</h1>
          <p className="mb-3 max-w-[90ch] text-sm text-muted">
            What a version would have made of past {words.of}. Nothing is decided by it.{' '}
            <a className="link" href={href(`/settings/policies/${kind}`, state, {}, { version: String(tried) })}>
              Version {tried} as a table
            </a>
          </p>
          <SimulationForm
            key={`${run?.id} ${tried}`}
            {...{ kind, page: href(path, state) }}
            versions={data.versions.map((each) => ({
              value: String(each.version),
              label: `Version ${each.version}, ${each.decides ? 'in force' : each.state}`,
            }))}
            {...{ version: String(tried), against: String(run?.against ?? asked.against ?? decides?.version ?? tried) }}
            {...{ from: run?.from ?? data.choices.from, to: run?.to ?? data.choices.to }}
            {...{ channel: run?.channel ?? '', category: run?.category ?? '' }}
            channels={data.choices.channels.map((value) => ({ value, label: naming(null)('channel', value) }))}
            categories={data.choices.categories.map((value) => ({ value, label: humanize(value) }))}
          />
          <div className="mt-5 flex flex-col gap-6">
            {run?.result && run.state === 'done' ? (
              <section aria-label="What it would have changed">
                <SimulationResult view={resultView({ ...run, result: run.result }, format, link)} />
              </section>
            ) : run?.state === 'waiting' || run?.state === 'running' ? (
              <SimulationProgress
                key={run.id}
                {...{ kind, id: run.id, of: words.of, mine: run.mine }}
                initial={{ state: run.state, judged: run.judged, total: run.total }}
              />
            ) : run ? (
              <p role="alert" className="border-y border-line py-6 text-sm">
                {run.state === 'stopped' ? 'It was stopped before it was done.' : run.error}
              </p>
            ) : null}
            {run && data.cases && data.cases.count + Number(own.row !== undefined || own.verdict !== undefined) > 0 ? (
              <SimulationCases view={casesView(run, data.cases, asked, asked.offset, { format, link, csv })} />
            ) : null}
            {data.runs.length > 0 ? (
              <Section id="runs" title="Tried before">
                <ul className="border-b border-line text-sm">
                  {data.runs.map((each) => {
                    const line = runLine(each, format, link, run?.id)
                    return (
                      <li key={line.id} className="flex flex-wrap items-baseline gap-x-4 border-t border-line py-1.5">
                        <a className="link" href={line.href} aria-current={line.current ? 'page' : undefined}>
                          {line.label}
                        </a>
                        <span className="text-muted">{line.about}</span>
                      </li>
                    )
                  })}
                </ul>
              </Section>
            ) : null}
          </div>
        </>
      ) : panel.state === 'ok' ? null : (
        <PanelMessage panel={panel} links={{ retry: link({}), clear: path }} height={320} />
      )}
    </WorkFrame>
  )
}
