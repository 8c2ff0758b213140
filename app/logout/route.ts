import { redirect } from 'next/navigation'
import { signOut } from '@/lib/auth/session'

/** Ends the session on the server. Only from a page of ours: another site's form is refused. */
export async function POST(request: Request) {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return new Response('Sign out from Backhaul itself.', { status: 403 })
  await signOut()
  redirect('/login')
}
