import { createKey, revokeKey } from '../../lib/auth/api-keys'
import { closeDatabase } from '../../lib/db/client'
import { signIn, visit, watch } from './people'
import { expect, test } from './test'

test.afterAll(() => closeDatabase())

test('what comes in is on the overview within seconds, without a reload', async ({ page }) => {
  const complaints = watch(page)
  await signIn(page, 'Farah Aziz')
  // Of the warehouse where no other test receives anything.
  await visit(page, '/?filter=facility:eq:columbus')
  const backlog = page.locator('[data-tile="backlog"] data').first()
  const before = Number(await backlog.getAttribute('value'))
  await page.evaluate(() => document.body.setAttribute('data-same-page', ''))
  const key = await createKey({ scopes: ['events:write'], sources: ['/*'], name: 'news', days: 1 })
  const unit = `news-${Date.now()}`
  const answer = await page.request.post(`${process.env.BACKHAUL_INGEST_URL}/v1/events`, {
    headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/cloudevents+json' },
    data: {
      specversion: '1.0',
      id: unit,
      source: '/wms/news',
      type: 'unit.received.v1',
      time: new Date(Date.now() - 1000).toISOString(),
      subject: unit,
      data: { unit_id: unit, facility: 'columbus', quantity: 7, rma_id: `rma-${unit}` },
    },
  })
  expect(await answer.json()).toMatchObject({ accepted: 1 })
  await expect.poll(async () => Number(await backlog.getAttribute('value')), { timeout: 30_000 }).toBe(before + 7)
  expect(await page.locator('body[data-same-page]').count()).toBe(1)
  await revokeKey(key.id)
  expect(complaints).toEqual([])
})

test('by date of event the return rate is of what was received, and says so', async ({ page }) => {
  await signIn(page, 'Dana Whitfield')
  await page.goto('/?basis=activity')
  await expect(page.getByRole('heading', { name: 'Return rate by week of receipt' })).toBeVisible()
  await expect(page.locator('[data-tile]').first()).toContainText('received over sold')
})

test('the board pack prints on A4 with the same figures as the overview', async ({ page }) => {
  await signIn(page, 'Dana Whitfield')
  // Of a channel that nobody else in these tests sells on: no figure moves between the two pages.
  const view = '?period=13w&filter=channel:eq:amazon-de'
  await page.goto(`/${view}`)
  const figures = await page
    .locator('.tile-link data')
    .evaluateAll((all) => all.map((each) => each.getAttribute('value')))
  expect(figures.length).toBeGreaterThanOrEqual(8)
  await page.goto(`/print/board${view}`)
  const printed = await page
    .locator('.paper [data-tile] data')
    .evaluateAll((all) => all.map((each) => each.getAttribute('value')))
  for (const figure of figures) expect(printed).toContain(figure)
  await page.emulateMedia({ media: 'print' })
  const paper = await page.pdf({ format: 'A4', landscape: true, tagged: true })
  const pages = paper.toString('latin1').match(/\/Type\s*\/Page[^s]/g)?.length ?? 0
  expect(pages).toBeGreaterThanOrEqual(1)
  expect(pages).toBeLessThanOrEqual(4)
})

test('the palette leads everywhere by keyboard alone', async ({ page }) => {
  await signIn(page, 'Farah Aziz')
  await visit(page, '/')
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const search = page.getByRole('dialog', { name: 'Search' }).getByRole('combobox')
  await expect(search).toBeFocused()
  await page.keyboard.type('glossary')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/glossary/)
  await page.keyboard.press('Control+k')
  // Letters that are typed before it is there are the keys of the page.
  await expect(search).toBeFocused()
  await page.keyboard.type('trapped value')
  await expect(page.getByRole('option', { name: /trapped/i }).first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Search' })).toBeHidden()
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
})

for (const colorScheme of ['light', 'dark'] as const)
  for (const width of [1440, 390])
    test(`the overview, ${colorScheme}, ${width} px: nothing moves and nothing sticks out`, async ({
      browser,
    }, info) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } })
      const page = await context.newPage()
      await page.addInitScript(() => {
        Object.assign(window, { shift: 0 })
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            if ('value' in entry && 'hadRecentInput' in entry && !entry.hadRecentInput)
              Object.assign(window, { shift: Number(Reflect.get(window, 'shift')) + Number(entry.value) })
        }).observe({ type: 'layout-shift', buffered: true })
      })
      await signIn(page, 'Dana Whitfield')
      await page.goto('/')
      await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
      await page.waitForTimeout(1_500)
      expect(await page.evaluate(() => Number(Reflect.get(window, 'shift')))).toBeLessThanOrEqual(0.02)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0)
      await page.screenshot({ path: info.outputPath(`overview-${colorScheme}-${width}.png`), fullPage: true })
      await context.close()
    })
