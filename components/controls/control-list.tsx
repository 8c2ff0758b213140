import { Check, CircleDashed, TriangleAlert } from 'lucide-react'
import { ActionForm } from '../actions/action-form'

export interface ControlView {
  readonly id: string
  readonly title: string
  readonly says: string
  readonly state: 'holds' | 'broken' | 'unknown'
  readonly words: string
  readonly looked: string
  readonly examples: readonly string[]
  readonly more: string
  readonly look: boolean
}

const LOOKS = {
  holds: { Icon: Check, tone: 'text-better', words: 'Holds' },
  broken: { Icon: TriangleAlert, tone: 'text-worse', words: 'Broken' },
  unknown: { Icon: CircleDashed, tone: 'text-muted', words: 'Not known' },
} as const

/** What must always be true, as it was found last; what breaks it is named. */
export function ControlList({ controls }: { controls: readonly ControlView[] }) {
  return (
    <ul className="grid gap-x-8 lg:grid-cols-2">
      {controls.map((control) => {
        const { Icon, tone, words } = LOOKS[control.state]
        return (
          <li key={control.id} className="grid grid-cols-[1.25rem_1fr_auto] gap-x-2 border-t border-line py-2 text-sm">
            <span className={tone}>
              <Icon size={16} strokeWidth={2} aria-hidden="true" className="mt-0.5" />
              <span className="sr-only">{words}</span>
            </span>
            <div className="min-w-0">
              <h2 className="text-sm font-medium">
                {control.title} <span className="num text-2xs font-normal text-muted">{control.id}</span>
              </h2>
              <p className="max-w-[70ch] text-xs text-muted">{control.says}</p>
              <p className={`mt-0.5 ${control.state === 'broken' ? 'text-worse' : ''}`}>{control.words}</p>
              {control.examples.length > 0 ? (
                <ul className="mt-1 border-l-2 border-worse pl-2 text-xs">
                  {control.examples.map((each) => (
                    <li key={each} className="break-words">
                      {each}
                    </li>
                  ))}
                  {control.more ? <li className="text-muted">{control.more}</li> : null}
                </ul>
              ) : null}
            </div>
            <div className="flex flex-col items-end gap-1 text-right">
              <span className="num text-2xs text-muted">{control.looked}</span>
              {control.look ? (
                <ActionForm
                  command="control.look"
                  title="Look now"
                  button="Look now"
                  given={{ id: control.id }}
                  fields={[]}
                />
              ) : null}
            </div>
          </li>
        )
      })}
    </ul>
  )
}
