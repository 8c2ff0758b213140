import NextAuth from 'next-auth'
import { authOptions } from '@/lib/auth/options'
import { presentedSession } from '@/lib/auth/session'

type Context = { params: Promise<{ nextauth: string[] }> }

async function handler(request: Request, context: Context): Promise<Response> {
  const browser = { userAgent: request.headers.get('user-agent'), session: await presentedSession() }
  return await NextAuth(authOptions(browser))(request, context)
}

export { handler as GET, handler as POST }
