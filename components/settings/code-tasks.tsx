import { humanize } from '@/lib/format'
import { MAPPED_LISTS } from '@/lib/returns/code-map'
import type { CodeTask } from '@/lib/workflow/read/codes-types'
import { ActionForm } from '../actions/action-form'
import { ScrollRegion } from '../ui/scroll-region'
import { codeName } from './code-name'

/** A task as the page words it. */
export interface ShownTask extends CodeTask {
  readonly waits: string
  readonly since: string
  readonly likeness: string
}

const HEADS = ['Their code', 'Of', 'Source', 'Waiting', 'Since', 'Suggestion', 'What it means'] as const

/** Codes that input waits for, most first, each with the standard code that is named most like it. */
export function CodeTasks({ tasks, maps }: { tasks: readonly ShownTask[]; maps: boolean }) {
  return (
    <ScrollRegion label="Codes without a meaning" rows className="table-box">
      <table className="w-full border-separate border-spacing-0 text-sm">
        <thead>
          <tr>
            {HEADS.filter((head) => maps || head !== 'What it means').map((head) => (
              <th key={head} scope="col" className="cell-head text-left">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={`${task.source} ${task.list} ${task.outside}`} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-medium">
                {task.outside}
              </th>
              <td className="cell text-left">{humanize(task.list)}</td>
              <td className="cell text-left">{task.source}</td>
              <td className="cell text-left">{task.waits}</td>
              <td className="cell text-left text-muted">{task.since}</td>
              <td className="cell text-left">
                {task.suggestion ? (
                  <>
                    {codeName(task.list, task.suggestion.code)} <span className="text-muted">{task.likeness}</span>
                  </>
                ) : (
                  <span className="text-muted">None is near</span>
                )}
              </td>
              {maps ? (
                <td className="cell h-auto min-w-44 text-left whitespace-normal">
                  {task.code ? (
                    `${codeName(task.list, task.code)}, being taken in`
                  ) : (
                    <ActionForm
                      command="code.map"
                      title="Say what it means"
                      button="Take in what waits"
                      given={{ source: task.source, list: task.list, outside: task.outside, seen: 0 }}
                      fields={[meaningField(task.list, task.suggestion?.code)]}
                    />
                  )}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

/** The question what a code of a list means. */
export const meaningField = (list: CodeTask['list'], value: string | undefined) => ({
  name: 'code',
  label: `Which ${list} it is`,
  kind: 'select' as const,
  required: true,
  options: MAPPED_LISTS[list].map((code) => ({ value: code, label: codeName(list, code) })),
  ...(value === undefined ? {} : { value }),
})
