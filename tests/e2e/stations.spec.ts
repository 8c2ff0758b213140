import { AxeBuilder } from '@axe-core/playwright'
import { pool } from '../../lib/db/client'
import { tooHeavy, weigh, weightLine } from '../../scripts/checks/weight'
import { RUN, units } from './outside'
import { signIn, watch } from './people'
import { picture } from './picture'
import { scan } from './scan'
import { expect, test } from './test'

const statusOf = async (id: string): Promise<string> =>
  (await pool().query('SELECT status FROM return_unit WHERE id = $1', [id])).rows[0]?.status
const received = async (ids: readonly string[]): Promise<number> =>
  (await pool().query(`SELECT count(*)::int AS n FROM return_unit WHERE id = ANY($1) AND status = 'received'`, [ids]))
    .rows[0].n

test.describe.configure({ mode: 'serial' })

test('50 codes one after the other on a focused button are 50 scans and no click', async ({ page }) => {
  const complaints = watch(page)
  await signIn(page, 'Jo Verhoeven')
  await page.goto('/receiving')
  await expect(page.getByText('Synced')).toBeVisible()
  await page.evaluate(() => {
    const counted = window as unknown as { clicks: number }
    counted.clicks = 0
    addEventListener('click', () => (counted.clicks += 1), true)
  })
  const codes = Array.from({ length: 50 }, (_, index) => `NIL${RUN}${String(index).padStart(2, '0')}`)
  await page.getByRole('button', { name: 'Without a return' }).focus()
  await scan(page, codes)
  const needs = page.getByRole('region', { name: /Needs you/ }).getByRole('button')
  await expect(needs).toHaveCount(50, { timeout: 60_000 })
  expect(await page.evaluate(() => (window as unknown as { clicks: number }).clicks)).toBe(0)
  for (const [index, code] of codes.entries()) await expect(needs.nth(49 - index)).toContainText(code)
  expect(complaints).toEqual([])
})

test('what is scanned without a network, through a reload, arrives once and in order', async ({ page, context }) => {
  test.setTimeout(240_000)
  const ids = await units('OFF', 30, 'venlo')
  await signIn(page, 'Jo Verhoeven')
  await page.goto('/receiving')
  await expect(page.getByText('Synced')).toBeVisible()
  await context.setOffline(true)
  await scan(page, ids)
  await expect(page.getByText('Offline, 30 scans kept here')).toBeVisible()
  expect(await received(ids)).toBe(0)
  await page.reload().catch(() => undefined)
  await context.setOffline(false)
  await page.goto('/receiving')
  await expect.poll(() => received(ids), { timeout: 90_000 }).toBe(30)
  await expect(page.getByText('Synced')).toBeVisible()
  const { rows } = await pool().query(
    `SELECT unit_id FROM case_event WHERE unit_id = ANY($1) AND type = 'unit.received.v1' ORDER BY time, id`,
    [ids],
  )
  expect(rows.map(({ unit_id }) => unit_id)).toEqual(ids)
})

test('a receipt is seen, graded, and taken back by its key', async ({ page }) => {
  test.setTimeout(240_000)
  const [unit = ''] = await units('UNDO', 1, 'venlo')
  await signIn(page, 'Jo Verhoeven')
  await page.goto('/receiving')
  await expect(page.getByText('Synced')).toBeVisible()
  await scan(page, [`T${unit}`])
  await expect(page.getByRole('region', { name: 'Last scan', exact: true })).toContainText('Station Coat')
  await expect.poll(() => statusOf(unit)).toBe('received')
  await scan(page, ['CMD-GRADE-B'])
  await expect
    .poll(async () => (await pool().query('SELECT condition FROM return_unit WHERE id = $1', [unit])).rows[0].condition)
    .toBe('B')
  await scan(page, [unit])
  await expect(page.getByRole('region', { name: 'Last scan', exact: true })).toContainText(
    /Already received .* by Jo Verhoeven/,
  )
  await page.keyboard.press('u')
  await expect.poll(() => statusOf(unit)).toBe('in_transit')
  await expect(page.getByRole('region', { name: 'Last scan', exact: true })).toContainText('Taken back')
})

test('an inspection takes four keys, and a lead accepts its proposal with one', async ({ page, browser }) => {
  test.setTimeout(240_000)
  const [unit = ''] = await units('LOOK', 1, 'lodz', 'received')
  await signIn(page, 'Agnieszka Nowak')
  await page.goto('/inspection')
  await expect(page.getByText('Synced')).toBeVisible()
  await scan(page, [unit])
  await expect(page.getByRole('region', { name: 'Unit', exact: true })).toContainText(unit)
  let keys = 0
  for (const key of ['b', '1', 'Enter']) {
    await page.keyboard.press(key)
    keys += 1
  }
  expect(keys).toBeLessThanOrEqual(4)
  await expect(page.getByRole('region', { name: 'Last unit' })).toContainText('Proposed: restock')
  const { rows } = await pool().query('SELECT condition, finding FROM return_unit WHERE id = $1', [unit])
  expect(rows[0]).toEqual({ condition: 'B', finding: 'as_new' })
  await expect(page.getByRole('region', { name: 'Unit', exact: true })).not.toContainText(unit)

  const [looked = ''] = await units('LEAD', 1, 'venlo', 'inspected')
  const lead = await (await browser.newContext()).newPage()
  await signIn(lead, 'Ruben Claes')
  await lead.goto('/inspection')
  await expect(lead.getByText('Synced')).toBeVisible()
  await scan(lead, [looked])
  await expect(lead.getByRole('region', { name: 'Unit', exact: true })).toContainText(looked)
  await expect(lead.getByRole('region', { name: 'Proposed disposition' })).toContainText('Restock')
  await lead.keyboard.press('Enter')
  await expect.poll(() => statusOf(looked)).toBe('sellable')
  await lead.context().close()
})

test('a photo taken without a network outlives a reload and is part of the inspection', async ({ page, context }) => {
  test.setTimeout(240_000)
  const [unit = ''] = await units('SHOT', 1, 'lodz', 'received')
  await signIn(page, 'Agnieszka Nowak')
  await page.goto('/inspection')
  await expect(page.getByText('Synced')).toBeVisible()
  await scan(page, [unit])
  await expect(page.getByRole('region', { name: 'Unit', exact: true })).toContainText(unit)
  const file = await picture(page)
  await context.setOffline(true)
  await page.getByLabel('Photo of this unit').setInputFiles(file)
  const shots = page.getByRole('list', { name: 'Photos of this unit' })
  await expect(shots.getByRole('listitem')).toHaveCount(1)
  await expect(shots.getByRole('img', { name: 'Photo 1' })).toBeVisible()
  await expect(page.getByText('Offline, 1 scan kept here')).toBeVisible()
  // A second one, taken back before it went: nothing of it arrives.
  await page.getByLabel('Photo of this unit').setInputFiles(await picture(page))
  await shots.getByRole('button', { name: 'Take Photo 2 back' }).click()
  await expect(shots.getByRole('listitem')).toHaveCount(1)
  // Until it is on the disk that it was taken back, a reload would find both.
  await expect(page.getByText('Offline, 1 scan kept here')).toBeVisible()
  await page.reload().catch(() => undefined)
  await context.setOffline(false)
  await page.goto('/inspection')
  const kept = () =>
    pool().query(
      'SELECT l.sha256, e.mime, e.bytes FROM evidence_link l JOIN evidence e USING (sha256) WHERE subject_id = $1',
      [unit],
    )
  await expect.poll(async () => (await kept()).rows.length, { timeout: 60_000 }).toBe(1)
  const [photo] = (await kept()).rows
  // Made small on the device, whatever the camera gave.
  expect(photo).toMatchObject({ mime: 'image/jpeg' })
  expect(photo.bytes).toBeLessThan(400_000)
  await expect(page.getByText('Synced')).toBeVisible()
  await scan(page, [unit])
  await expect(page.getByRole('region', { name: 'Unit', exact: true })).toContainText(unit)
  await expect(shots.getByText('kept')).toBeVisible()
  for (const key of ['c', '1', 'Enter']) await page.keyboard.press(key)
  await expect(page.getByRole('region', { name: 'Last unit' })).toContainText('Proposed:')
  const { rows } = await pool().query(
    "SELECT data -> 'evidence' AS evidence FROM case_event WHERE unit_id = $1 AND type = 'unit.inspected.v1'",
    [unit],
  )
  expect(rows).toEqual([{ evidence: [photo.sha256] }])
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`no accessibility fault at a station, ${colorScheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1024, height: 768 } })
    const page = await context.newPage()
    await signIn(page, 'Jo Verhoeven')
    for (const path of ['/receiving', '/receiving/commands']) {
      await page.goto(path)
      if (path === '/receiving') {
        await expect(page.getByText('Synced')).toBeVisible()
        await scan(page, [`WHAT${RUN}`])
        await expect(page.getByRole('region', { name: 'Last scan', exact: true })).toContainText('is not known')
      }
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze()
      expect(violations.map(({ id, nodes }) => `${path}: ${id} at ${nodes[0]?.html}`)).toEqual([])
    }
    await context.close()
  })

test('a station is no heavier than its budget', async ({ page, context, baseURL }) => {
  await signIn(page, 'Jo Verhoeven')
  const weight = await weigh(context, baseURL ?? '', '/receiving')
  console.log(weightLine(weight))
  expect(tooHeavy(weight, 'station')).toEqual([])
})
