import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../lib/auth/demo'
import { tooHeavy, weigh, weightLine } from '../../scripts/checks/weight'
import { signIn, watch } from './people'
import { expect, test } from './test'

test('a visitor is sent to the login, a wrong password is told, and signing out ends the session on the server', async ({
  page,
  context,
}) => {
  await page.goto('/rows?metric=received_units')
  await expect(page).toHaveURL(/\/login/)
  await page.getByLabel('E-mail').fill('dana@demo.example')
  await page.getByLabel('Password').fill('not her password')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: /\w/ }).first()).toBeVisible()
  await page.getByLabel('Password').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/rows\?metric=received_units/)
  const cookies = await context.cookies()
  const answer = await page.request.post('/logout', { maxRedirects: 0 })
  expect(answer.status()).toBeLessThan(400)
  await page.close()
  await context.addCookies(cookies)
  const again = await context.newPage()
  await again.goto('/')
  await expect(again).toHaveURL(/\/login/)
})

for (const { name, roles } of DEMO_ACCOUNTS) {
  test(`${name} (${roles.join(', ')}) signs in to figures without a complaint of the browser`, async ({ page }) => {
    const complaints = watch(page)
    await signIn(page, name)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(complaints).toEqual([])
  })
}

test('a warehouse manager sees nothing of another warehouse', async ({ page }) => {
  await signIn(page, 'Piotr Zieliński')
  await page.goto('/rows?metric=received_units&period=52w')
  await expect(page.locator('h1 data')).toBeVisible()
  const answer = await page.request.get(
    '/api/v1/query?metrics=received_units&by=facility&from=2020-01-01&to=2035-01-01&basis=activity&tz=UTC',
  )
  const { rows } = await answer.json()
  expect(rows.map((row: { facility: string }) => row.facility)).toEqual(['lodz'])
})

test('the API answers a session, refuses a stranger, and says what is wrong with a question', async ({
  page,
  request,
}) => {
  expect((await request.get('/api/v1/query?metrics=sold_units&from=2026-01-01&to=2026-02-01')).status()).toBe(401)
  await signIn(page, 'Farah Aziz')
  const unknown = await page.request.get('/api/v1/query?metrics=sold_unicorns&from=2026-01-01&to=2026-02-01')
  expect(unknown.status()).toBe(400)
  expect((await unknown.json()).error).toMatchObject({ parameter: 'metrics' })
  const described = await page.request.get('/api/v1/openapi.json')
  expect((await described.json()).openapi).toMatch(/^3\./)
  const nothing = await page.request.post('/api/v1/nothing')
  expect([nothing.status(), (await nothing.json()).error.code]).toEqual([404, 'not_found'])
})

test('pages carry their policy, and every number is there without scripts', async ({ browser, page }) => {
  const answer = await page.goto('/login')
  expect(answer?.headers()['content-security-policy']).toMatch(/script-src 'nonce-/)
  expect(answer?.headers()['x-content-type-options']).toBe('nosniff')
  await signIn(page, 'Farah Aziz')
  const plain = await browser.newContext({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  })
  const still = await plain.newPage()
  await still.goto('/')
  expect(await still.locator('[data-tile] .tile-link').count()).toBe(8)
  expect(await still.locator('svg').count()).toBeGreaterThan(8)
  await plain.close()
})

/** Every page by somebody who may do what there is to do on it; the last word is a page that has to be found or made first. */
const PAGES = [
  [
    'Farah Aziz',
    [
      '/login',
      '/',
      '/explore',
      '/explore?by=month',
      '/rows?metric=received_units',
      '/glossary',
      '/approvals',
      '/claims',
      '/exceptions',
    ],
    simulated,
  ],
  ['Nadia Petrova', ['/reconciliation', '/journal', '/close', '/controls'], undefined],
  [
    'Inés Carrasco',
    ['/returns', '/returns/new', '/returns/new/bulk'],
    (page: Page) => first(page, '/returns', 'tbody'),
  ],
  ['Greta Lindqvist', ['/audit', '/settings', '/settings/segregation', '/settings/retention'], undefined],
  ['Hugo Martel', ['/settings/policies/returns', '/settings/policies/approval'], undefined],
  [
    'Priya Raman',
    ['/settings/people'],
    (page: Page) => first(page, '/settings/people', 'section[aria-label="People"], [role=region]'),
  ],
  ['Sam Reyes', ['/settings/codes', '/settings/sources', '/settings/sources/quarantine'], undefined],
] as const

/** Where the first link of a list on a page leads. */
async function first(page: Page, path: string, list: string): Promise<string> {
  await page.goto(path)
  return (await page.locator(list).getByRole('link').first().getAttribute('href')) ?? ''
}

/** The page of a policy that was tried on the past, with its result. */
async function simulated(page: Page): Promise<string> {
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const asked = await page.request.post('/api/v1/policies/returns/simulate', {
    data: { version: 1, against: 1, from: day(-60), to: day(0) },
  })
  const { id } = await asked.json()
  const address = `/api/v1/policies/returns/simulate/${id}`
  await expect
    .poll(async () => (await (await page.request.get(address)).json()).simulation?.state, { timeout: 60_000 })
    .toBe('done')
  return `/settings/policies/returns/simulation?version=1&run=${id}`
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] as const
const COLOUR = ['color-contrast', 'link-in-text-block'] as const

/** Every rule at both widths in the light; what colour decides, in the dark as well. */
const LOOKS = [
  { colorScheme: 'light', width: 1440, runOnly: { type: 'tag', values: [...RULES] } },
  { colorScheme: 'dark', width: 1440, runOnly: { type: 'rule', values: [...COLOUR] } },
  { colorScheme: 'light', width: 390, runOnly: { type: 'tag', values: [...RULES] } },
] as const

async function faults(page: Page, path: string): Promise<string[]> {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(path)
  // What stands in a table's thirteenth row stands in its first ones as well.
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('tbody > tr:nth-child(n + 13)')) each.remove()
  })
  const found: string[] = []
  for (const { colorScheme, width, runOnly } of LOOKS) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 900 })
    // No frames here: one pass in the page; and only what is wrong is described.
    const axe = new AxeBuilder({ page }).setLegacyMode()
    const { violations } = await axe
      .options({ resultTypes: ['violations'], runOnly: { ...runOnly, values: [...runOnly.values] } })
      .analyze()
    for (const { id, nodes } of violations)
      found.push(`${path}, ${colorScheme}, ${width} px: ${id} at ${nodes[0]?.html}`)
  }
  return found
}

for (const [name, paths, made] of PAGES) {
  test(`no accessibility fault on any page of ${name}, light and dark, wide and narrow`, async ({ page }) => {
    // Each page is looked at whole: slow on a busy machine.
    test.setTimeout(240_000)
    const found: string[] = []
    if (paths[0] === '/login') found.push(...(await faults(page, paths[0])))
    await signIn(page, name)
    for (const path of paths) if (path !== '/login') found.push(...(await faults(page, path)))
    if (made) found.push(...(await faults(page, await made(page))))
    expect(found).toEqual([])
  })
}

test('no page is heavier than its budget', async ({ page, context, baseURL }) => {
  const login = await weigh(context, baseURL ?? '', '/login')
  await signIn(page, 'Farah Aziz')
  const overview = await weigh(context, baseURL ?? '', '/')
  const rows = await weigh(context, baseURL ?? '', '/rows?metric=received_units')
  for (const weight of [login, overview, rows]) console.log(weightLine(weight))
  expect([...tooHeavy(login, 'login'), ...tooHeavy(overview, 'dashboard'), ...tooHeavy(rows, 'dashboard')]).toEqual([])
})
