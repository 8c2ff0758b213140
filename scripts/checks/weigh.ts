import { chromium } from '@playwright/test'
import { type RouteKind, tooHeavy, weigh, weightLine } from './weight'

/**
 * Weighs the pages of a running Backhaul: `tsx scripts/checks/weigh.ts http://127.0.0.1:3000 "name=value"` with a session
 * cookie. Exits 1 when a page is above its budget.
 */
const [base = 'http://127.0.0.1:3000', cookie = ''] = process.argv.slice(2)
const ROUTES: [string, RouteKind][] = [
  ['/', 'dashboard'],
  ['/explore', 'dashboard'],
  ['/rows', 'dashboard'],
  ['/glossary', 'dashboard'],
  ['/login', 'login'],
]

const browser = await chromium.launch({
  ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
  args: ['--no-sandbox'],
})
let heavy: string[] = []
for (const [route, kind] of ROUTES) {
  const context = await browser.newContext()
  const [name, ...value] = cookie.split('=')
  if (name && kind === 'dashboard') await context.addCookies([{ name, value: value.join('='), url: base }])
  const weight = await weigh(context, base, route)
  console.log(weightLine(weight))
  heavy = [...heavy, ...tooHeavy(weight, kind)]
  await context.close()
}
await browser.close()
for (const line of heavy) console.error(`too heavy: ${line}`)
process.exitCode = heavy.length > 0 ? 1 : 0
