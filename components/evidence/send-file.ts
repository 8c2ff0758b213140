'use client'
import type { EvidenceSubject } from '@/lib/returns/evidence'

export interface FileSubject {
  readonly type: EvidenceSubject
  readonly id: string
}

/** What came of a file: it is kept, it was refused and why, or nobody answered and it may be sent again. */
export type Sent =
  | { readonly state: 'ok'; readonly sha256: string; readonly known: boolean }
  | { readonly state: 'refused'; readonly code: string; readonly message: string }
  | { readonly state: 'unreachable' }

/** Ten megabytes over a slow line of a warehouse; after that it is sent again. */
const PATIENCE = 180_000
/** What the server says when it is not itself: sent again, never taken for an answer. */
const LATER = new Set([0, 429, 502, 503, 504])

interface Answer {
  readonly sha256?: string
  readonly known?: boolean
  readonly error?: { readonly code: string; readonly message: string }
}

const answerOf = (text: string): Answer => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/**
 * Sends a photo or document to be kept with something. The same bytes again are kept once, so it may be repeated. `onProgress` is told the part that
 * is through, 0 to 1; only this old interface of browsers tells it.
 */
export function sendFile(
  file: Blob,
  subject: FileSubject,
  more: { readonly name?: string; readonly note?: string; readonly onProgress?: (part: number) => void } = {},
): Promise<Sent> {
  const body = new FormData()
  body.set('file', file, more.name ?? (file instanceof File ? file.name : 'file'))
  body.set('subjectType', subject.type)
  body.set('subjectId', subject.id)
  if (more.note) body.set('note', more.note)
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/v1/evidence')
    request.timeout = PATIENCE
    request.upload.onprogress = ({ loaded, total }) => more.onProgress?.(total > 0 ? loaded / total : 0)
    request.onload = () => {
      const { sha256, known = false, error } = answerOf(request.responseText)
      if (LATER.has(request.status)) resolve({ state: 'unreachable' })
      else if (error) resolve({ state: 'refused', ...error })
      else resolve(sha256 ? { state: 'ok', sha256, known } : { state: 'unreachable' })
    }
    request.onerror = () => resolve({ state: 'unreachable' })
    request.ontimeout = () => resolve({ state: 'unreachable' })
    request.send(body)
  })
}
