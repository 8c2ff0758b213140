import { answer } from '@/app/api/answer'
import { UserError } from '@/lib/errors'

/** What no endpoint answers: programs get JSON, not a page. */
async function unknown(): Promise<Response> {
  return answer(() => {
    throw new UserError('not_found', 'There is no such endpoint. GET /api/v1/openapi.json lists them.', 404)
  })
}

export { unknown as DELETE, unknown as GET, unknown as PATCH, unknown as POST, unknown as PUT }
