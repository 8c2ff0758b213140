import { gzipSync } from 'node:zlib'
import type { BrowserContext, Response } from '@playwright/test'

/** Bytes after gzip, of a first load with an empty cache. */
export interface Weight {
  route: string
  js: number
  css: number
  fonts: number
  html: number
  /** Until the page is interactive: the document and what it asks for by itself. */
  requests: number
}

/** Kilobytes (1000 bytes) above which a route of that kind fails; `good` is what it should keep. */
export const BUDGETS = {
  dashboard: {
    js: { good: 165, fail: 185 },
    css: { good: 15, fail: 20 },
    fonts: { good: 50, fail: 75 },
    html: { good: 25, fail: 50 },
    requests: { good: 16, fail: 22 },
  },
  station: {
    js: { good: 160, fail: 175 },
    css: { good: 15, fail: 20 },
    fonts: { good: 50, fail: 75 },
    html: { good: 25, fail: 50 },
    requests: { good: 16, fail: 22 },
  },
  login: {
    js: { good: 150, fail: 165 },
    css: { good: 15, fail: 20 },
    fonts: { good: 50, fail: 75 },
    html: { good: 25, fail: 50 },
    requests: { good: 16, fail: 22 },
  },
} as const
export type RouteKind = keyof typeof BUDGETS

const KINDS = { script: 'js', stylesheet: 'css', font: 'fonts', document: 'html' } as const

/** Loads a route once in a fresh page of the context (signed in where it must be) and weighs what came over the wire. */
export async function weigh(context: BrowserContext, base: string, route: string): Promise<Weight> {
  const weight: Weight = { route, js: 0, css: 0, fonts: 0, html: 0, requests: 0 }
  const page = await context.newPage()
  const seen: Promise<void>[] = []
  const add = async (response: Response) => {
    const type = response.request().resourceType()
    // Redirects have no body, and the freshness poll is not part of the load.
    if (!(type in KINDS) || response.status() >= 300) return
    const body = await response.body()
    // A font is compressed already.
    const size = type === 'font' ? body.length : gzipSync(body, { level: 9 }).length
    weight[KINDS[type as keyof typeof KINDS]] += size
    weight.requests += 1
  }
  const heard = (response: Response) => void seen.push(add(response))
  page.on('response', heard)
  await page.goto(base + route, { waitUntil: 'load' })
  await page.waitForTimeout(500)
  // What comes later is not waited for, and its body is gone with the page.
  page.off('response', heard)
  await Promise.all(seen)
  await page.close()
  return weight
}

/** What is over its budget, in words; nothing when all is well. */
export function tooHeavy(weight: Weight, kind: RouteKind): string[] {
  const budget = BUDGETS[kind]
  return (Object.keys(budget) as (keyof typeof budget)[]).flatMap((part) => {
    const size = part === 'requests' ? weight.requests : weight[part] / 1000
    return size > budget[part].fail ? [`${weight.route}: ${part} ${size.toFixed(1)}, at most ${budget[part].fail}`] : []
  })
}

/** One line for a report, in kilobytes. */
export const weightLine = (weight: Weight): string =>
  `${weight.route.padEnd(14)} js ${kb(weight.js)}  css ${kb(weight.css)}  fonts ${kb(weight.fonts)}  html ${kb(weight.html)}  requests ${weight.requests}`

const kb = (bytes: number): string => (bytes / 1000).toFixed(1).padStart(6)
