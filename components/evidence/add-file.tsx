'use client'
import { Paperclip } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type DragEvent, useId, useState } from 'react'
import { fileSize } from '@/lib/format'
import { EVIDENCE_TYPES, LARGEST_EVIDENCE } from '@/lib/returns/evidence'
import { type FileSubject, sendFile } from './send-file'

export interface Addable extends FileSubject {
  readonly label: string
}

interface Going {
  readonly key: number
  readonly name: string
  readonly part: number
  readonly state: 'going' | 'kept' | 'failed'
  readonly message: string
}

const TAKEN = Object.keys(EVIDENCE_TYPES).join(',')

/**
 * Adds photos and documents to something: by a button, by keyboard, or dropped. Each says how far it is and, if it was not kept, why. With several
 * subjects the person says which one it is about.
 */
export function AddFile({
  subjects,
  label = 'Add photos or documents',
}: {
  subjects: readonly Addable[]
  label?: string
}) {
  const router = useRouter()
  const own = useId()
  const [about, setAbout] = useState(0)
  const [note, setNote] = useState('')
  const [over, setOver] = useState(false)
  const [files, setFiles] = useState<readonly Going[]>([])
  const subject = subjects[about] ?? subjects[0]
  const busy = files.some(({ state }) => state === 'going')

  const change = (key: number, to: Partial<Going>) =>
    setFiles((before) => before.map((each) => (each.key === key ? { ...each, ...to } : each)))

  async function add(chosen: readonly File[]) {
    if (!subject || chosen.length === 0) return
    const now = Date.now()
    const going = chosen.map((file, index) => ({ file, key: now + index }))
    setFiles(going.map(({ file, key }) => ({ key, name: file.name, part: 0, state: 'going', message: '' })))
    let kept = 0
    for (const { file, key } of going) {
      const sent =
        file.size > LARGEST_EVIDENCE
          ? // The server refuses it too; here nobody waits for ten megabytes to arrive first.
            ({ state: 'refused', message: tooBig(file.size) } as const)
          : await sendFile(file, subject, { note: note.trim(), onProgress: (part) => change(key, { part }) })
      if (sent.state === 'ok') kept += 1
      change(key, {
        state: sent.state === 'ok' ? 'kept' : 'failed',
        message:
          sent.state === 'ok'
            ? sent.known
              ? 'It was kept here already'
              : 'Kept'
            : sent.state === 'refused'
              ? sent.message
              : 'The server could not be reached. Choose the file again.',
      })
    }
    if (kept > 0) {
      setNote('')
      router.refresh()
    }
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!busy) void add([...event.dataTransfer.files])
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first and works by keyboard
    <div
      className={`noprint mt-2 rounded border border-dashed p-2 text-sm ${over ? 'border-accent bg-sel' : 'border-field'}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        {subjects.length > 1 ? (
          <label className="grid gap-0.5 text-xs text-muted" htmlFor={`${own}about`}>
            About
            <select
              id={`${own}about`}
              className="field max-w-64"
              value={about}
              disabled={busy}
              onChange={(event) => setAbout(Number(event.target.value))}
            >
              {subjects.map((each, index) => (
                <option key={`${each.type}${each.id}`} value={index}>
                  {each.label}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <label className="grid min-w-0 grow gap-0.5 text-xs text-muted sm:max-w-64" htmlFor={`${own}note`}>
          What it shows (optional)
          <input
            id={`${own}note`}
            className="field w-full"
            maxLength={200}
            autoComplete="off"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </label>
        <label
          className={`control relative has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent ${busy ? 'opacity-60' : ''}`}
        >
          <Paperclip size={14} strokeWidth={1.5} aria-hidden="true" />
          {label}
          <input
            type="file"
            multiple
            accept={TAKEN}
            className="absolute inset-0 cursor-pointer opacity-0"
            disabled={busy}
            onChange={(event) => {
              const chosen = [...(event.target.files ?? [])]
              event.target.value = ''
              void add(chosen)
            }}
          />
        </label>
        <span className="text-xs text-muted">
          or drop them here. JPEG, PNG, WebP, HEIC or PDF, {LARGEST_EVIDENCE / 1_000_000} MB at most.
        </span>
      </div>
      {files.length > 0 ? (
        <ul className="mt-2" aria-label="Files that are being added">
          {files.map((each) => (
            <li key={each.key} className="flex flex-wrap items-center gap-x-3 border-t border-line py-1">
              <span className="max-w-full truncate">{each.name}</span>
              {each.state === 'going' ? (
                <progress className="h-1.5 w-32" value={each.part} max={1} aria-label={`${each.name} on its way`} />
              ) : (
                <span
                  role={each.state === 'failed' ? 'alert' : 'status'}
                  className={each.state === 'failed' ? 'text-worse' : 'text-muted'}
                >
                  {each.message}
                </span>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}

const tooBig = (bytes: number): string =>
  `It has ${fileSize(bytes)}; a file may have ${LARGEST_EVIDENCE / 1_000_000} MB. Make the picture smaller, or split the document.`
