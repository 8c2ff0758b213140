import type { NextRequest } from 'next/server'
import { answerOrError } from '@/app/api/answer'
import { actorFromRequest } from '@/lib/auth/session'
import { THUMBNAIL_TYPE } from '@/lib/workflow/evidence/thumbnail'
import { evidenceFile, evidenceThumbnail } from '@/lib/workflow/read/evidence'
import { NO_PICTURE } from './no-picture'

/** Whatever the bytes are, nothing in them runs, and nobody keeps them but who may see them now. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, no-store',
}

/**
 * `GET /api/v1/evidence/<sha256>`: the bytes as they were added. Pictures that browsers draw are shown, everything else is a download; nothing in
 * them runs. `?thumbnail` is for a page that shows it small: a picture of at most 320 pixels that was made of it, or a sign where none can be made;
 * noted in the audit log once an hour, where every other opening is noted by itself.
 */
export async function GET(
  request: NextRequest,
  { params }: { params: Promise<{ sha256: string }> },
): Promise<Response> {
  return answerOrError(async () => {
    const { sha256 } = await params
    const actor = await actorFromRequest(request)
    if (request.nextUrl.searchParams.has('thumbnail')) return small(await evidenceThumbnail(actor, sha256))
    const file = await evidenceFile(actor, sha256)
    return new Response(new Uint8Array(file.bytes), {
      headers: {
        ...HEADERS,
        'content-type': file.mime,
        'content-length': String(file.bytes.length),
        'content-disposition': `${file.shown ? 'inline' : 'attachment'}; filename="${file.name}"`,
        'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      },
    })
  })
}

const small = (bytes: Buffer | undefined): Response =>
  bytes
    ? new Response(new Uint8Array(bytes), { headers: { ...HEADERS, 'content-type': THUMBNAIL_TYPE } })
    : new Response(NO_PICTURE, { headers: { ...HEADERS, 'content-type': 'image/svg+xml' } })
