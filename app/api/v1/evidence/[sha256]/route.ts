import type { NextRequest } from 'next/server'
import { answerOrError } from '@/app/api/answer'
import { actorFromRequest } from '@/lib/auth/session'
import { evidenceFile } from '@/lib/workflow/read/evidence'

/**
 * `GET /api/v1/evidence/<sha256>`: the bytes as they were added. Pictures that browsers draw are shown, everything else is a download; nothing in
 * them runs. `?thumbnail` is for a page that shows it small: noted in the audit log once an hour, where every other opening is noted by itself.
 */
export async function GET(
  request: NextRequest,
  { params }: { params: Promise<{ sha256: string }> },
): Promise<Response> {
  return answerOrError(async () => {
    const { sha256 } = await params
    const glance = request.nextUrl.searchParams.has('thumbnail')
    const file = await evidenceFile(await actorFromRequest(request), sha256, { glance })
    return new Response(new Uint8Array(file.bytes), {
      headers: {
        'content-type': file.mime,
        'content-length': String(file.bytes.length),
        'content-disposition': `${file.shown ? 'inline' : 'attachment'}; filename="${file.name}"`,
        'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, no-store',
        'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
      },
    })
  })
}
