import { type ReactNode, useId } from 'react'

/** A labelled field of a form on people; `children` gets the id to carry. */
export function Field({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      {children(id)}
    </div>
  )
}

export const INPUT = 'mt-0.5 w-full rounded border border-field bg-bg px-2 py-1 text-sm'
export const FORM = 'flex w-full max-w-lg flex-col gap-2 border-l-2 border-accent pl-3'

export const Refused = ({ message }: { message: string | undefined }) =>
  message ? (
    <p role="alert" className="my-1 border-l-2 border-worse pl-2 text-sm">
      {message}
    </p>
  ) : null
