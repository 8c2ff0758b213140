import type { NextRequest } from 'next/server'
import { z } from 'zod'
import { answer } from '@/app/api/answer'
import { can } from '@/lib/auth/actor'
import { actorFromRequest } from '@/lib/auth/session'
import { COMMANDS } from '@/lib/workflow/registry'

/** `GET /api/v1/commands`: every command, what it takes, and whether it is open to whoever asks. */
export async function GET(request: NextRequest): Promise<Response> {
  return answer(async () => {
    const actor = await actorFromRequest(request)
    return {
      commands: COMMANDS.map(({ name, title, permission, input }) => ({
        name,
        title,
        permission,
        open: can(actor, permission),
        input: z.toJSONSchema(input, { unrepresentable: 'any', io: 'input' }),
      })),
    }
  })
}
