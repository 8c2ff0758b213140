'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'

interface Choice {
  readonly value: string
  readonly label: string
}

export interface SimulationFormProps {
  readonly kind: string
  /** Where the page of the simulation is, without its id. */
  readonly page: string
  readonly versions: readonly Choice[]
  readonly version: string
  readonly against: string
  readonly from: string
  readonly to: string
  readonly channels: readonly Choice[]
  readonly categories: readonly Choice[]
  readonly channel: string
  readonly category: string
}

/** What is tried on which past. It is a task of its own: the page goes to it, and may be left while it runs. */
export function SimulationForm({ kind, page, versions, channels, categories, ...chosen }: SimulationFormProps) {
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState('')
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const said = new FormData(event.currentTarget)
    const text = (name: string) => String(said.get(name) ?? '')
    setBusy(true)
    setRefusal('')
    try {
      const response = await fetch(`/api/v1/policies/${kind}/simulate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ version: Number(text('version')), against: Number(text('against')) },
          ...{ from: text('from'), to: text('to'), channel: text('channel'), category: text('category') },
        }),
      })
      const answer: { id?: string; error?: { message: string } } = await response.json()
      if (answer.error) setRefusal(answer.error.message)
      else router.push(`${page}${page.includes('?') ? '&' : '?'}version=${text('version')}&run=${answer.id}`)
    } catch {
      setRefusal('The server could not be reached. Try again.')
    }
    setBusy(false)
  }
  const select = (name: 'version' | 'against' | 'channel' | 'category', label: string, options: readonly Choice[]) => (
    <label className="flex flex-col gap-0.5 text-xs text-muted">
      {label}
      <select name={name} defaultValue={chosen[name]} className="field max-w-56">
        {options.map(({ value, label: each }) => (
          <option key={value} value={value}>
            {each}
          </option>
        ))}
      </select>
    </label>
  )
  const day = (name: 'from' | 'to', label: string) => (
    <label className="flex flex-col gap-0.5 text-xs text-muted">
      {label}
      <input type="date" name={name} required defaultValue={chosen[name]} className="field" />
    </label>
  )
  return (
    <form onSubmit={send} aria-label="Try on the past" className="noprint flex flex-wrap items-end gap-x-3 gap-y-2">
      {select('version', 'Try', versions)}
      {select('against', 'Against', versions)}
      {day('from', 'First day')}
      {day('to', 'Last day')}
      {select('channel', 'Channel', [{ value: '', label: 'Every channel' }, ...channels])}
      {select('category', 'Category', [{ value: '', label: 'Every category' }, ...categories])}
      <button type="submit" className="control primary" disabled={busy}>
        {busy ? 'Sending' : 'Try it'}
      </button>
      {refusal ? (
        <p role="alert" className="w-full border-l-2 border-worse pl-2 text-sm">
          {refusal}
        </p>
      ) : null}
    </form>
  )
}
