import { signOut } from '@/lib/auth/session'

/** Ends the session on the server. Only from a page of ours: another site's form is refused. */
export async function POST(request: Request): Promise<Response> {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return new Response('Sign out from Backhaul itself.', { status: 403 })
  await signOut()
  // 303: the browser fetches the login page, and does not send it the form.
  return new Response(null, { status: 303, headers: { location: '/login' } })
}
