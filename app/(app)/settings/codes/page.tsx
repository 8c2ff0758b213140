import type { Metadata } from 'next'
import { daysOf, href, type SearchParams } from '@/components/filters/view-state'
import { CodeList } from '@/components/settings/code-list'
import { CodeMappings, type ShownMapping } from '@/components/settings/code-mappings'
import { codeName } from '@/components/settings/code-name'
import { CodeTasks, type ShownTask } from '@/components/settings/code-tasks'
import { PanelMessage, Section } from '@/components/ui/panel'
import { can } from '@/lib/auth/actor'
import type { Formatter } from '@/lib/format'
import { codesView } from '@/lib/workflow/read/codes'
import type { CodeMappingLine, CodeTask } from '@/lib/workflow/read/codes-types'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'
import { codeLists } from './lists'

export const metadata: Metadata = { title: 'Codes' }

/** What outside codes mean, which wait for somebody to say, and the standard lists. */
export default async function CodesPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/settings/codes', searchParams, ['controls:read'])
  const { actor, state, context } = request
  const { format } = context
  const year = { ...daysOf('52w', state.tz, new Date()), tz: state.tz }
  const [read, lists] = await Promise.all([
    panelOf(() => codesView(actor)),
    panelOf(() => codeLists(actor, year, format)),
  ])
  const links = { retry: href('/settings/codes', state), clear: '/settings/codes' }
  const maps = can(actor, 'codes:edit')
  return (
    <WorkFrame asked={request} current="settings" path="/settings/codes">
      <h1 className="text-lg">Codes</h1>
      {read.state === 'ok' ? (
        <>
          <p className="mb-4 max-w-[90ch] text-sm text-muted">{leadOf(read.data.tasks)}</p>
          <div className="flex flex-col gap-8">
            {read.data.tasks.length > 0 ? (
              <Section id="tasks" title="Without a meaning">
                <CodeTasks tasks={read.data.tasks.map((task) => shownTask(task, format))} maps={maps} />
                {read.data.closed ? <p className="mt-1 text-xs text-muted">{read.data.closed}</p> : null}
              </Section>
            ) : null}
            <Section id="mappings" title="What outside codes mean">
              {read.data.mappings.length > 0 ? (
                <CodeMappings mappings={read.data.mappings.map((each) => shownMapping(each, format))} maps={maps} />
              ) : (
                <p className="max-w-[80ch] text-sm text-muted">
                  No source has sent a code of its own yet. When one does, its events wait and the code stands here as a
                  task.
                </p>
              )}
            </Section>
            <Section
              id="lists"
              title="Standard codes"
              lead={
                <p className="mb-3 max-w-[80ch] text-sm text-muted">
                  Figures, policies and the books know these and no others. Units are those of the last 52 weeks,{' '}
                  {format.range(year.from, year.to)}.
                </p>
              }
            >
              {lists.state === 'ok' ? (
                <div className="grid gap-x-8 gap-y-6 xl:grid-cols-2">
                  {lists.data.map((list) => (
                    <CodeList key={list.id} list={list} />
                  ))}
                </div>
              ) : (
                <PanelMessage panel={lists} links={links} height={320} />
              )}
            </Section>
          </div>
        </>
      ) : (
        <PanelMessage panel={read} links={links} height={320} />
      )}
    </WorkFrame>
  )
}

function leadOf(tasks: readonly CodeTask[]): string {
  if (tasks.length === 0) return 'Every code that has come in has a meaning.'
  const events = tasks.reduce((sum, task) => sum + task.events, 0)
  return `${tasks.length === 1 ? 'One code has' : `${tasks.length} codes have`} no meaning yet, and ${events === 1 ? 'one event waits' : `${events} events wait`} for ${tasks.length === 1 ? 'it' : 'them'}. Cases and figures have what waits within seconds of your answer.`
}

const counted = (n: number, one: string, many: string, format: Formatter) =>
  `${format.count(n)} ${n === 1 ? one : many}`

const shownTask = (task: CodeTask, format: Formatter): ShownTask => ({
  ...task,
  waits: [
    counted(task.events, 'event', 'events', format),
    ...(task.units > 0 ? [`of ${counted(task.units, 'unit', 'units', format)}`] : []),
  ].join(' '),
  since: format.moment(task.first),
  likeness: task.suggestion ? `${format.percent(task.suggestion.likeness)} alike` : '',
})

const shownMapping = (mapping: CodeMappingLine, format: Formatter): ShownMapping => ({
  ...mapping,
  changes: mapping.changes.map(({ at, by, from, to, reason }) =>
    [
      from === null
        ? codeName(mapping.list, to)
        : `${codeName(mapping.list, to)} instead of ${codeName(mapping.list, from)}`,
      `${by}, ${format.moment(at)}`,
      ...(reason ? [reason] : []),
    ].join(', '),
  ),
})
