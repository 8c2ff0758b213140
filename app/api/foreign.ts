import { UserError } from '@/lib/errors'

/** A browser says where a request comes from; one from elsewhere is refused even with this site's cookie. */
export function refuseForeign(request: Request): void {
  const json = request.headers.get('content-type')?.startsWith('application/json') === true
  if (isForeign(request) || !json)
    throw new UserError('foreign_request', 'Commands are taken as JSON, from this site or with an API key.', 403)
}

/** The same for an upload, which is a form: what another site could send too, so it must say that it is not from one. */
export function refuseForeignForm(request: Request): void {
  const form = request.headers.get('content-type')?.startsWith('multipart/form-data') === true
  const origin = request.headers.get('origin')
  const told = request.headers.get('sec-fetch-site') !== null || origin === null || isOwn(origin, request)
  if (isForeign(request) || !form || !told)
    throw new UserError('foreign_request', 'Files are taken as multipart/form-data, from this site.', 403)
}

function isForeign(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site !== null && site !== 'same-origin' && site !== 'none'
}

const isOwn = (origin: string, request: Request): boolean =>
  URL.canParse(origin) && new URL(origin).host === request.headers.get('host')
