import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { answer } from '@/app/api/answer'
import { refuseForeign } from '@/app/api/foreign'
import { actorFromRequest } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { execute } from '@/lib/workflow/execute'
import { commandNamed } from '@/lib/workflow/registry'

const body = z.strictObject({ commandId: z.uuid().optional(), input: z.unknown() })

/**
 * `POST /api/v1/commands/<name>` with `{commandId, input}`: carries a command out and answers `{result, repeated, commandId}`. The same
 * commandId again gives the same answer and does nothing. Takes JSON from this site or with an API key, never a form of another site.
 */
export async function POST(request: NextRequest, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  return answer(async () => {
    const { name } = await params
    refuseForeign(request)
    const actor = await actorFromRequest(request)
    const command = commandNamed(name)
    if (!command)
      throw new UserError(
        'unknown_command',
        `There is no command ${name}. GET /api/v1/commands lists them.`,
        404,
        'name',
      )
    const parsed = body.safeParse(await request.json().catch(() => undefined))
    if (!parsed.success) throw new UserError('invalid_body', 'Send JSON: {"commandId": "<uuid>", "input": {…}}.', 400)
    return execute(actor, command, parsed.data.input, parsed.data.commandId)
  })
}
