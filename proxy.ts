import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'

/** What anybody may open; the last two are asked for by habit and answered with a page that says there is nothing. */
const OPEN = ['/login', '/favicon.ico', '/_next/image']
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

const API_POLICY = "default-src 'none'; frame-ancestors 'none'"

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Cache-Control': 'private, no-store',
}

/**
 * Security headers on every answer, a nonce for every page, and the way to the login for who carries no session cookie. It decides nothing
 * about rights: that is done where data is read (lib/auth, lib/metrics), and holds without this file.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl
  const api = pathname === '/api' || pathname.startsWith('/api/')
  const open = api || OPEN.some((path) => pathname === path || pathname.startsWith(`${path}/`))
  const signedIn = SESSION_COOKIES.some((name) => request.cookies.has(name))
  if (!open && !signedIn && navigates(request)) return withHeaders(toLogin(request), API_POLICY)
  const nonce = btoa(crypto.randomUUID())
  const content = policy(nonce)
  const headers = requestHeaders(request)
  headers.set('x-nonce', nonce)
  headers.set('Content-Security-Policy', content)
  return withHeaders(NextResponse.next({ request: { headers } }), api ? API_POLICY : content)
}

/** A script that asks for data gets the refusal of who answers it; a login page in its place would only confuse it. */
const navigates = (request: NextRequest): boolean =>
  request.method === 'GET' && (request.headers.get('sec-fetch-dest') !== 'empty' || request.headers.has('rsc'))

function toLogin(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl
  const login = request.nextUrl.clone()
  login.pathname = '/login'
  login.search = ''
  if (pathname !== '/' || search) login.searchParams.set('callbackUrl', pathname + search)
  return NextResponse.redirect(login)
}

/** What the pages see of a request: without a header that older versions obeyed, and with our own address where we have a public one. */
function requestHeaders(request: NextRequest): Headers {
  const headers = new Headers(request.headers)
  headers.delete('x-middleware-subrequest')
  const home = env().BACKHAUL_URL
  if (home?.startsWith('https:')) {
    // Actions compare the Origin with this: it must come from the settings, not from the sender.
    headers.set('x-forwarded-host', new URL(home).host)
    headers.set('x-forwarded-proto', 'https')
  }
  return headers
}

function withHeaders(response: NextResponse, content: string): NextResponse {
  response.headers.set('Content-Security-Policy', content)
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  if (env().BACKHAUL_URL?.startsWith('https:')) {
    response.headers.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
  }
  return response
}

/** Files that the build made carry their own headers (next.config.js) and are the same for everybody. */
export const config = { matcher: ['/((?!_next/static|icon.svg).*)'] }
