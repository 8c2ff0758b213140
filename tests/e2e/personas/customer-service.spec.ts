import { closeDatabase } from '../../../lib/db/client'
import { orders } from '../outside'
import { attempt, becomes, figure, ready, signIn, watch } from '../people'
import { expect, test } from '../test'

test.afterAll(() => closeDatabase())

test('customer service finds what was bought, asks for its return, makes the label, and tells the customer why not', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const [order, other] = await orders('CS', 2)
  if (!order || !other) throw new Error('no orders')
  await signIn(page, 'Inés Carrasco')
  await expect(page).toHaveURL(/\/returns$/)
  expect(await figure(page, 'requested_units', order.sku)).toBe(0)

  // By the customer, as on the phone; what the policy says stands there before anything is sent.
  await page.getByRole('link', { name: 'New return' }).press('Enter')
  await page.getByRole('searchbox', { name: /^Order, customer/ }).fill(order.customerId)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: `Order ${order.orderId}` })).toBeVisible()
  await ready(page)
  const form = page.getByRole('form', { name: `Return of order ${order.orderId}` })
  const create = form.getByRole('button', { name: 'Create the return' })
  await expect(create).toBeDisabled()
  await form.getByLabel('Why').selectOption('too_small')
  await expect(form).toContainText('105.91 EUR, paid when it is received, to the original payment.')
  await expect(form).toContainText('Authorized at once.')
  await create.press('Enter')

  await page.waitForURL((url) => /^\/returns\/(?!new)/.test(url.pathname))
  const rma = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '')
  await expect(page.getByRole('heading', { level: 1, name: rma })).toBeVisible()
  await expect(page.getByText('Authorized', { exact: true }).first()).toBeVisible()
  await becomes(page, 'requested_units', order.sku, 1)

  // What is not hers is there too, and says whose it is.
  const may = page.getByRole('region', { name: 'You may' })
  await may.locator('summary', { hasText: 'closed to you, and why' }).press('Enter')
  await expect(may.locator('dt', { hasText: 'Receive' }).first()).toBeVisible()
  await expect(may).toContainText('Receiver')

  await may.getByRole('button', { name: 'Make a label' }).press('Enter')
  await expect(page.getByLabel('Carrier')).toBeFocused()
  await page.keyboard.type('nordpost')
  await page.keyboard.press('Tab')
  await page.keyboard.type(`LABEL-${rma}`)
  await page.keyboard.press('Enter')
  const timeline = page.getByRole('region', { name: 'Timeline' })
  await expect(timeline.getByRole('listitem').first()).toContainText(/label/i)
  await expect(timeline).toContainText('Inés Carrasco')

  // The same piece cannot be asked for twice, on the page or past it.
  await page.goto(`/returns/new?order=${order.orderId}`)
  await expect(page.getByText('all in returns already')).toBeVisible()
  await expect(page.getByRole('link', { name: rma })).toBeVisible()
  const again = await attempt(page, 'return.request', {
    orderId: order.orderId,
    lines: [{ orderLineId: order.lineId, quantity: 1, reason: 'too_small' }],
  })
  expect(again.error?.code).toBe('over_ordered')

  // The customer keeps it.
  await page.getByRole('link', { name: rma }).press('Enter')
  await may.getByRole('button', { name: 'Cancel', exact: true }).press('Enter')
  await page.getByLabel('Why').fill('The customer keeps it.')
  await page.getByRole('button', { name: 'Cancel the return' }).press('Enter')
  await expect(page.getByText('Cancelled', { exact: true }).first()).toBeVisible()
  expect(complaints).toEqual([])
})
