import { readFileSync } from 'node:fs'
import type { Download, Page } from '@playwright/test'
import { ready, signIn, watch } from './people'
import { expect, test } from './test'

/**
 * From a figure to its rows and back by clicking, and the filters by keyboard alone: for each kind of reader of figures. What is looked at is a
 * channel that nobody else in these tests sells on, so that no number moves meanwhile.
 */
const READERS = [
  { name: 'Dana Whitfield', role: 'an executive, who may not export', tile: 'rate', csv: false },
  { name: 'Milo Brandt', role: 'a merchandiser', tile: 'leakage', csv: true },
  { name: 'Greta Lindqvist', role: 'an auditor', tile: 'trapped', csv: true },
] as const
const CHANNEL = 'amazon-de'

for (const { name, role, tile, csv } of READERS) {
  test(`${role}: filter by keyboard, open a figure, its rows, their file, and back`, async ({ page }) => {
    const complaints = watch(page)
    await signIn(page, name)
    // An auditor begins elsewhere.
    await page.getByRole('link', { name: 'Overview', exact: true }).first().click()
    await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible()
    await ready(page)
    await expect(page.locator('[data-tile] .tile-link')).toHaveCount(8)

    const value = () => page.locator(`[data-tile="${tile}"] .tile-link data`).getAttribute('value')
    const everywhere = await value()
    await choosePeriod(page, 'Last 52 weeks')
    await chooseChannel(page)
    await expect.poll(value).not.toBe(everywhere)
    const figure = await value()
    expect(Number(figure)).not.toBe(0)

    // What the figure means, and how it came about.
    const filtered = page.url()
    await page
      .locator(`[data-tile="${tile}"]`)
      .getByRole('button', { name: /^About / })
      .click()
    const dialog = page.getByRole('dialog', { name: /\w/ })
    await expect(dialog).toContainText(/Filters\s*channel amazon-de/)
    await expect(dialog).toContainText('Reaches to')
    await expect(dialog.getByRole('link', { name: 'As CSV' })).toHaveCount(csv ? 1 : 0)
    await page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    await page
      .locator(`[data-tile="${tile}"]`)
      .getByRole('button', { name: /^About / })
      .click()
    await dialog.getByRole('link', { name: 'Rows behind it' }).click()

    const number = page.locator('h1 data')
    await expect(page).toHaveURL(/\/rows\?/)
    expect(await number.getAttribute('value')).toBe(figure)
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0)
    const file = page.getByRole('link', { name: 'CSV', exact: true })
    await expect(file).toHaveCount(csv ? 1 : 0)
    if (csv) {
      const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
      expect(await controlTotal(download)).toBeCloseTo(Number(figure), 4)
    }

    await page.goBack()
    await expect(page).toHaveURL(filtered)
    expect(await value()).toBe(figure)
    await page.locator(`[data-tile="${tile}"] .tile-link`).click()
    await expect(page).toHaveURL(/\/rows\?/)
    expect(await number.getAttribute('value')).toBe(figure)
    expect(complaints).toEqual([])
  })
}

const menu = (page: Page, label: string) => page.locator('[data-menu] > summary').filter({ hasText: `${label}: ` })

/** Opens a menu of the filter bar with Enter and goes on with Tab until `there` is in focus. */
async function reach(page: Page, label: string, there: (focused: Element | null) => boolean): Promise<void> {
  await menu(page, label).focus()
  await page.keyboard.press('Enter')
  for (let steps = 0; steps < 15; steps++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(`(${String(there)})(document.activeElement)`)) return
  }
  throw new Error(`not reached with Tab in the menu ${label}`)
}

async function choosePeriod(page: Page, words: 'Last 52 weeks'): Promise<void> {
  await reach(page, 'Period', (focused) => focused?.textContent?.trim() === 'Last 52 weeks')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/period=52w/)
  await expect(menu(page, 'Period')).toContainText(words)
}

async function chooseChannel(page: Page): Promise<void> {
  await reach(page, 'Channel', (focused) => focused?.getAttribute('value') === 'amazon-de')
  // Ticked, it acts at once, and the menu stays for the next one.
  await page.keyboard.press('Space')
  await expect(page).toHaveURL(new RegExp(`channel.*${CHANNEL}`))
  await expect(menu(page, 'Channel')).not.toContainText('All channels')
  await page.keyboard.press('Escape')
  await expect(page.locator('[data-menu][open]')).toHaveCount(0)
  await expect(menu(page, 'Channel')).toBeFocused()
}

/** What the file says that its rows add up to; it holds as many rows as it says. */
async function controlTotal(download: Download): Promise<number> {
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/)
  const stated = (label: string) => Number(lines.find((line) => line.startsWith(`${label},`))?.split(',')[1])
  const rows = lines
    .slice(lines.findIndex((line) => line.startsWith('Control total,')) + 1)
    .filter((line) => line !== '')
  // One line names the columns.
  expect(rows.length - 1).toBe(stated('Rows'))
  return stated('Control total')
}
