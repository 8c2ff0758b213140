import { readFileSync } from 'node:fs'
import { tooHeavy, weigh, weightLine } from '../../scripts/checks/weight'
import { signIn, visit, watch } from './people'
import { expect, test } from './test'

test('from the overview to figures by item and by reason, a number of the table to its rows, and the table as CSV', async ({
  page,
}) => {
  const complaints = watch(page)
  await signIn(page, 'Farah Aziz')
  await visit(page, '/')
  await page.getByText('All channels').click()
  // The one that nobody else in these tests sells on: what is read twice below is the same both times.
  await page.getByRole('checkbox', { name: 'Amazon DE' }).check()
  await expect(page).toHaveURL(/channel/)
  await page.getByRole('link', { name: 'Every item' }).click()
  await expect(page.getByRole('heading', { name: 'Explore', level: 1 })).toBeVisible()
  // The filter of the bar came along.
  await expect(page).toHaveURL(/\/explore\?.*channel:(eq|in):amazon-de/)
  await expect(page.getByText(/of [\d,]+ shown, highest return rate first/)).toBeVisible()
  const table = page.getByRole('region', { name: 'Figures by SKU' })
  await expect(table.locator('tfoot')).toContainText('more')

  await page.getByLabel('Cut by').selectOption({ label: 'Reason' })
  await expect(page.getByRole('heading', { name: 'By reason', exact: true })).toBeVisible()
  await expect(page.getByText('Units sold is not cut by reason: left out below.')).toBeVisible()

  // A number, and the rows that it opens.
  const reasons = page.getByRole('region', { name: 'Figures by reason' })
  const small = reasons.getByRole('row', { name: /Too small/ })
  const asked = small.getByRole('cell').nth(2).getByRole('link')
  const shown = Number((await asked.textContent())?.replaceAll(',', ''))
  expect(shown).toBeGreaterThan(0)

  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[data-csv]').click()])
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/)
  const head = lines.slice(0, lines.indexOf(''))
  const stated = (label: string) => head.find((line) => line.startsWith(`${label},`))?.split(',')[1]
  const [columns = '', ...rows] = lines.slice(lines.indexOf('') + 1)
  const at = columns.split(',').indexOf('Units requested')
  expect(rows).toHaveLength(Number(stated('Groups')))
  expect(Number(rows.find((row) => row.startsWith('too_small,'))?.split(',')[at])).toBe(shown)
  const total = rows.reduce((sum, row) => sum + Number(row.split(',')[at]), 0)
  expect(total).toBe(Number(stated('Total: Units requested')))
  expect(stated('Filters')).toBe('channel:in:amazon-de')

  await asked.click()
  await expect(page).toHaveURL(/\/rows\?.*reason:eq:too_small/)
  await expect(page.locator('h1 data')).toHaveAttribute('value', String(shown))
  expect(complaints).toEqual([])
})

test('an address that cannot be read, figures that cannot be cut so and a filter on nothing still give a page that says why', async ({
  page,
}) => {
  await signIn(page, 'Farah Aziz')
  await page.goto('/explore?by=toString&metrics=constructor&filter=nonsense&limit=x')
  await expect(page.getByRole('alert').filter({ hasText: '4 parts of this address' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'By SKU', exact: true })).toBeVisible()
  await page.goto('/explore?by=reason&metrics=sold_units')
  await expect(page.getByRole('alert').filter({ hasText: 'Units sold is not cut by reason' })).toBeVisible()
  await page.goto('/explore?filter=sku:eq:no-such-item')
  await expect(page.getByText('Nothing matches')).toBeVisible()
  await page.goto('/explore?filter=shoe:eq:x')
  await expect(page.getByRole('alert').filter({ hasText: 'There is no dimension "shoe"' })).toBeVisible()
  const csv = await page.request.get('/explore/csv?filter=nonsense')
  expect([csv.status(), (await csv.json()).error.code]).toEqual([400, 'address_unread'])
})

test('whoever may not open rows sees figures without them, and the page keeps its weight', async ({
  page,
  context,
  baseURL,
}) => {
  await signIn(page, 'Noor Visser')
  await page.goto('/explore?by=country')
  await expect(page.getByRole('region', { name: 'Figures by Country' })).toBeVisible()
  expect(await page.locator('main a[href^="/rows"]').count()).toBe(0)
  expect(await page.locator('a[data-csv]').count()).toBe(0)
  const weight = await weigh(context, baseURL ?? '', '/explore')
  console.log(weightLine(weight))
  expect(tooHeavy(weight, 'dashboard')).toEqual([])
})
