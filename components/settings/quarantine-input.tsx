import { humanize } from '@/lib/format'
import type { QuarantineInput } from '@/lib/workflow/read/quarantine-types'
import { ActionForm } from '../actions/action-form'
import { ScrollRegion } from '../ui/scroll-region'

/** One refused input: why, and its bytes as they came. */
export function QuarantineInputView({
  input,
  came,
  size,
  settles,
  close,
}: {
  input: QuarantineInput
  came: string
  size: string
  settles: boolean
  close: string
}) {
  return (
    <section aria-labelledby="input" className="mb-6 border-l-2 border-accent pl-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="input" className="text-md">
          Input {input.id}: {humanize(input.reason).toLowerCase()}
        </h2>
        <a className="link text-sm" href={close}>
          Close
        </a>
      </div>
      <p className="max-w-[90ch] text-sm">{input.message}</p>
      <p className="text-xs text-muted">
        {input.eventId ? `Event ${input.eventId} of ` : 'From '}
        {input.source || 'a source that could not be read'}, {came}, through {input.origin}. {size}
        {input.cut ? ', the beginning is shown' : ''}.
        {input.hidden ? ' What tells who a customer is is hidden from your role.' : ''}
        {input.state === 'open'
          ? ''
          : ` ${humanize(input.state)}${input.settledBy ? ` by ${input.settledBy}` : ''}. ${input.note ?? ''}`}
      </p>
      <ScrollRegion label="Bytes of the input" className="mt-1 max-h-96 overflow-y-auto bg-panel">
        <pre className="num p-2 text-xs break-all whitespace-pre-wrap">{input.raw}</pre>
      </ScrollRegion>
      {settles && input.state === 'open' ? (
        <div className="mt-2 flex flex-wrap items-start gap-2">
          <ActionForm
            command="quarantine.replay"
            title="Replay this one"
            button="Replay"
            given={{ which: { ids: [input.id] } }}
            fields={[]}
          />
          <Dismiss which={{ ids: [input.id] }} title="Dismiss this one" />
        </div>
      ) : null}
    </section>
  )
}

/** Gives up on input, with why. */
export const Dismiss = ({ which, title }: { which: Readonly<Record<string, unknown>>; title: string }) => (
  <ActionForm
    command="quarantine.dismiss"
    title={title}
    button={title}
    given={{ which }}
    fields={[
      { name: 'reason', label: 'Why it is not needed; it is never replayed then', kind: 'text', required: true },
    ]}
  />
)
