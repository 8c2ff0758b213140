import { Check, Circle, TriangleAlert } from 'lucide-react'
import { ActionForm } from '../actions/action-form'
import type { CloseTaskView } from './close-view'

/** The tasks of a close in their order: each is signed on its figure, by its owner, after what it rests on. */
export function CloseChecklist({ tasks, mayUnsign }: { tasks: readonly CloseTaskView[]; mayUnsign: boolean }) {
  return (
    <ol className="border-b border-line">
      {tasks.map((task) => (
        <li
          key={task.id}
          className="grid grid-cols-[1.25rem_1fr] gap-x-2 border-t border-line py-2 text-sm sm:grid-cols-[1.25rem_1fr_14rem]"
        >
          <Mark task={task} />
          <div className="min-w-0">
            <h3 className="font-medium">{task.title}</h3>
            <p className="max-w-[80ch] text-xs text-muted">{task.looks}</p>
            <p className="mt-0.5">
              {task.href ? (
                <a className="link" href={task.href}>
                  {task.figure}
                </a>
              ) : (
                <span className="num">{task.figure}</span>
              )}
              <span className="text-muted">. {task.evidence}</span>
            </p>
            {task.turned ? (
              <p className="text-worse">
                It was signed when it was zero, and is not any more: nothing is closed on it.
              </p>
            ) : null}
          </div>
          <div className="col-start-2 mt-1 flex flex-col items-start gap-1 sm:col-start-3 sm:mt-0">
            {task.signed ? (
              <>
                <p className="text-xs">{task.signed}</p>
                {task.removable && mayUnsign ? (
                  <ActionForm
                    command="close.unsign"
                    title="Take back"
                    button="Take the signature back"
                    given={task.given}
                    fields={[{ name: 'reason', label: 'Why', kind: 'text', required: true }]}
                  />
                ) : null}
              </>
            ) : task.closed ? (
              <p className="text-xs text-muted">{task.closed}</p>
            ) : (
              <ActionForm
                command="close.sign"
                title="Sign"
                button={`Sign on ${task.figure}`}
                given={task.given}
                fields={[{ name: 'note', label: 'Note, if there is one', kind: 'text' }]}
              />
            )}
            <p className="text-2xs text-muted">{task.owner}</p>
          </div>
        </li>
      ))}
    </ol>
  )
}

function Mark({ task }: { task: CloseTaskView }) {
  const [Icon, tone, words] = task.turned
    ? ([TriangleAlert, 'text-worse', 'Signed, and not right any more'] as const)
    : task.signed
      ? ([Check, 'text-better', 'Signed'] as const)
      : task.even
        ? ([Circle, 'text-muted', 'To be signed'] as const)
        : ([TriangleAlert, 'text-warn', 'Not zero'] as const)
  return (
    <span className={tone}>
      <Icon size={16} strokeWidth={2} aria-hidden="true" className="mt-0.5" />
      <span className="sr-only">{words}</span>
    </span>
  )
}
