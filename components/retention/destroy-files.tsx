'use client'
import { type FormEvent, useState } from 'react'
import { fileSize } from '@/lib/format'
import { useCommand } from '../actions/use-command'
import { ScrollRegion } from '../ui/scroll-region'

/** A file past its retention, in finished words. */
export interface DueFile {
  readonly sha256: string
  readonly what: string
  readonly about: string
  readonly href: string | null
  readonly bytes: number
  readonly ended: string
  /** Why this reader may not destroy it; null where they may. */
  readonly closed: string | null
}

/** What is past its retention, to be destroyed together, with a reason. The button says what it destroys. */
export function DestroyFiles({ files, may }: { files: readonly DueFile[]; may: boolean }) {
  const [picks, setPicks] = useState<ReadonlySet<string>>(new Set())
  const [done, setDone] = useState('')
  const { run, busy, refusal } = useCommand<{ changed: number }>('evidence.purge', ({ changed }) => {
    setPicks(new Set())
    setDone(`${changed} ${changed === 1 ? 'file is' : 'files are'} destroyed.`)
  })
  const open = files.filter(({ closed }) => closed === null)
  const picked = open.filter(({ sha256 }) => picks.has(sha256))
  const bytes = picked.reduce((sum, each) => sum + each.bytes, 0)
  const pick = (sha256: string) =>
    setPicks((before) => {
      const next = new Set(before)
      if (!next.delete(sha256)) next.add(sha256)
      return next
    })
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '')
    void run({ files: picked.map(({ sha256 }) => sha256), reason })
  }
  return (
    <form onSubmit={send}>
      <ScrollRegion label="Past its retention" rows className="table-box">
        <table className="w-full border-separate border-spacing-0 text-sm">
          <thead>
            <tr>
              {may ? (
                <th scope="col" className="cell-head w-8 text-left">
                  <input
                    type="checkbox"
                    aria-label="All that may be destroyed"
                    checked={open.length > 0 && picked.length === open.length}
                    disabled={open.length === 0}
                    onChange={(event) =>
                      setPicks(new Set(event.target.checked ? open.map(({ sha256 }) => sha256) : []))
                    }
                  />
                </th>
              ) : null}
              {['File', 'About', 'Retention ended', 'Size'].map((label) => (
                <th key={label} scope="col" className={`cell-head ${label === 'Size' ? 'text-right' : 'text-left'}`}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {files.map((each) => (
              <tr key={each.sha256} className="row" tabIndex={-1}>
                {may ? (
                  <td className="cell">
                    <input
                      type="checkbox"
                      aria-label={`${each.what} ${each.sha256.slice(0, 12)}`}
                      checked={picks.has(each.sha256)}
                      disabled={each.closed !== null}
                      onChange={() => pick(each.sha256)}
                    />
                  </td>
                ) : null}
                <th scope="row" className="cell h-auto py-1 text-left font-normal">
                  {each.what} <span className="num text-xs text-muted">{each.sha256.slice(0, 12)}</span>
                  {may && each.closed ? <span className="block text-xs text-muted">{each.closed}</span> : null}
                </th>
                <td className="cell text-left">
                  {each.href ? (
                    <a className="link" href={each.href}>
                      {each.about}
                    </a>
                  ) : (
                    each.about
                  )}
                </td>
                <td className="cell text-left">{each.ended}</td>
                <td className="cell num text-right">{fileSize(each.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {may ? (
        <div className="mt-2 flex flex-wrap items-end gap-3">
          <label className="grid gap-0.5 text-xs text-muted">
            Why they are destroyed
            <input
              name="reason"
              required
              minLength={3}
              maxLength={500}
              className="field w-80 max-w-full"
              autoComplete="off"
            />
          </label>
          <button type="submit" className="control primary disabled:opacity-60" disabled={busy || picked.length === 0}>
            {busy
              ? 'Sending'
              : picked.length === 0
                ? 'Choose what is destroyed'
                : `Destroy ${picked.length} ${picked.length === 1 ? 'file' : 'files'} (${fileSize(bytes)}) for good`}
          </button>
        </div>
      ) : null}
      {refusal ? (
        <p role="alert" className="mt-2 border-l-2 border-worse pl-2 text-sm">
          {refusal.message}
        </p>
      ) : null}
      <output className="mt-1 block text-sm text-muted">{done}</output>
    </form>
  )
}
