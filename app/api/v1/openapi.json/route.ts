import { openApi } from '@/lib/metrics/openapi'

/** The description of the API, made from the definitions. It holds no figures: anybody may read it. */
export function GET(): Response {
  return Response.json(openApi())
}
