import type { NextRequest } from 'next/server'
import { answer } from '@/app/api/answer'
import { refuseForeignForm } from '@/app/api/foreign'
import { authorize } from '@/lib/auth/actor'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { LARGEST_EVIDENCE } from '@/lib/returns/evidence'
import { addEvidence, tooBig } from '@/lib/workflow/evidence/add'

/** What a form needs around its file. */
const FORM = 100_000

/**
 * `POST /api/v1/evidence` with the form fields file, subjectType, subjectId and, if there is one, note: keeps a photo or PDF of at most 10 MB by its
 * content and answers `{sha256, mime, bytes, known}`.
 */
export async function POST(request: NextRequest): Promise<Response> {
  return answer(async () => {
    refuseForeignForm(request)
    const actor = await actorFromRequest(request)
    // Before anything of the body is read.
    authorize(actor, 'evidence:add')
    if (Number(request.headers.get('content-length') ?? 0) > LARGEST_EVIDENCE + FORM) throw tooBig()
    const form = await request.formData().catch(() => undefined)
    const file = form?.get('file')
    if (!form || !(file instanceof File))
      throw new UserError('invalid_body', 'Send multipart/form-data with file, subjectType and subjectId.', 400, 'file')
    if (file.size > LARGEST_EVIDENCE) throw tooBig()
    const text = (name: string): string => {
      const value = form.get(name)
      return typeof value === 'string' ? value : ''
    }
    return addEvidence(actor, {
      bytes: new Uint8Array(await file.arrayBuffer()),
      subjectType: text('subjectType'),
      subjectId: text('subjectId'),
      note: text('note'),
    })
  })
}
