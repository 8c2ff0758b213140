import { missing } from '@/lib/health'

/** 200 once both stores are migrated and answer; 503 with what is missing before that. */
export async function GET(): Promise<Response> {
  const lacking = await missing()
  const body = lacking.length > 0 ? { status: 'unavailable', missing: lacking } : { status: 'ok' }
  return Response.json(body, { status: lacking.length > 0 ? 503 : 200, headers: { 'cache-control': 'no-store' } })
}
