import { UserError } from '@/lib/errors'

/** A browser says where a request comes from; one from elsewhere is refused even with this site's cookie. */
export function refuseForeign(request: Request): void {
  const site = request.headers.get('sec-fetch-site')
  const foreign = site !== null && site !== 'same-origin' && site !== 'none'
  const json = request.headers.get('content-type')?.startsWith('application/json') === true
  if (foreign || !json)
    throw new UserError('foreign_request', 'Commands are taken as JSON, from this site or with an API key.', 403)
}
