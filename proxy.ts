import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'

/** Pages that anybody may open. */
const OPEN = ['/login']
const SESSION_COOKIES = ['__Host-backhaul.session', 'backhaul.session']

const DEVELOPMENT = process.env.NODE_ENV === 'development'

/** Script and style only with this request's nonce; recharts sets style attributes, which is why these alone are allowed inline. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${DEVELOPMENT ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${DEVELOPMENT ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}

/**
 * Security headers on every answer, a nonce for every page, and the way to the login for who carries no session cookie. It decides nothing
 * about rights: that is done where data is read (lib/auth, lib/metrics), and holds without this file.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const headers = new Headers(request.headers)
  headers.delete('x-middleware-subrequest')
  const api = pathname.startsWith('/api/')
  const open = api || OPEN.some((path) => pathname === path || pathname.startsWith(`${path}/`))
  if (!open && !SESSION_COOKIES.some((name) => request.cookies.has(name))) {
    const login = new URL('/login', request.url)
    if (pathname !== '/') login.searchParams.set('next', pathname + search)
    return withHeaders(NextResponse.redirect(login))
  }
  const nonce = btoa(crypto.randomUUID())
  const content = policy(nonce)
  headers.set('x-nonce', nonce)
  headers.set('Content-Security-Policy', content)
  const response = withHeaders(NextResponse.next({ request: { headers } }))
  response.headers.set('Content-Security-Policy', api ? "default-src 'none'; frame-ancestors 'none'" : content)
  response.headers.set('Cache-Control', 'private, no-store')
  return response
}

function withHeaders(response: NextResponse): NextResponse {
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  if (env().BACKHAUL_URL?.startsWith('https:')) {
    response.headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  }
  return response
}

export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg|favicon.ico).*)'] }
