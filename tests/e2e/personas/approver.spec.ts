import type { Browser, Page } from '@playwright/test'
import { closeDatabase } from '../../../lib/db/client'
import { orders } from '../outside'
import { attempt, becomes, open, send, signIn, visit, watch } from '../people'
import { expect, test } from '../test'

test.afterAll(() => closeDatabase())

/** Refunds that wait for level 1, each of another customer: asked for by Inés, received by Jo. Answers their returns. */
async function refunds(browser: Browser, count: number): Promise<{ ines: Page; rmas: string[]; sku: string }> {
  const ines = await open(browser, 'Inés Carrasco')
  const jo = await open(browser, 'Jo Verhoeven')
  const sold = await orders('YES', count)
  const rmas: string[] = []
  for (const { orderId, lineId } of sold) {
    const { rmaId, units } = await send<{ rmaId: string; units: string[] }>(ines, 'return.request', {
      orderId,
      lines: [{ orderLineId: lineId, quantity: 1, reason: 'too_small' }],
    })
    await send(jo, 'unit.receive', { unitId: units[0], facility: 'venlo', quantity: 1 })
    rmas.push(rmaId)
  }
  await jo.context().close()
  return { ines, rmas, sku: sold[0]?.sku ?? '' }
}

test('an approver sees what waits and why, rejects with a reason, approves one and several, and nothing of their own', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const { ines, rmas, sku } = await refunds(browser, 4)
  await signIn(page, 'Maya Fischer')
  await expect(page).toHaveURL(/\/approvals$/)
  const line = (rma: string | undefined) => page.locator('li[data-id]', { hasText: rma ?? 'none' })
  // The automation proposes what is due, once each parcel is here.
  await expect
    .poll(
      async () => {
        await visit(page, '/approvals')
        return (await Promise.all(rmas.map((rma) => line(rma).count()))).reduce((sum, n) => sum + n, 0)
      },
      { timeout: 60_000 },
    )
    .toBe(4)
  await expect(line(rmas[0])).toContainText('105.91 EUR')
  await expect(line(rmas[0])).toContainText(/Policy version \d+, row/)

  // Going to another page by its keys answers nothing on this one.
  await line(rmas[0]).focus()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await page.waitForURL(/\/approvals/)
  await expect(line(rmas[0])).toBeVisible()

  await line(rmas[0]).focus()
  await page.keyboard.press('r')
  await expect(page.getByLabel('Why it is rejected')).toBeFocused()
  await page.keyboard.type('The tag is missing on the photo.')
  await page.keyboard.press('Enter')
  await expect(line(rmas[0])).toHaveCount(0)

  await line(rmas[1]).focus()
  await page.keyboard.press('a')
  await expect(line(rmas[1])).toHaveCount(0)

  for (const rma of rmas.slice(2)) {
    await line(rma).focus()
    await page.keyboard.press('x')
  }
  await page.getByRole('button', { name: 'Approve 2, 211.82 EUR' }).press('Enter')
  for (const rma of rmas.slice(2)) await expect(line(rma)).toHaveCount(0)

  // What was approved is paid, and counted; what was rejected is not, and says why.
  await becomes(page, 'refunded_value', sku, 3 * 105.91)
  await page.goto(`/returns/${rmas[2]}`)
  await expect(page.getByText('Paid', { exact: true }).first()).toBeVisible()
  await page.goto('/approvals?show=decided')
  await expect(line(rmas[0])).toContainText('Maya Fischer rejected it: The tag is missing on the photo.')
  await page.goto(`/returns/${rmas[0]}`)
  await expect(page.getByText('The tag is missing on the photo.').first()).toBeVisible()

  // She decides, and asks for nothing: what she would decide on is never hers.
  const own = await attempt(page, 'settlement.propose', { unitId: `${rmas[0]}-1` })
  expect(own.error?.code).toBe('forbidden')
  // Who asked sees it wait for somebody else.
  const again = await send<{ id: string }>(ines, 'settlement.propose', { unitId: `${rmas[0]}-1` })
  expect(again.id).toBeTruthy()
  await ines.goto('/approvals')
  const asked = ines.locator('li[data-id]', { hasText: rmas[0] ?? 'none' })
  await expect(asked).toContainText('Your role sees approvals and decides none.')
  await expect(asked.getByRole('button')).toHaveCount(0)
  expect(complaints).toEqual([])
})
