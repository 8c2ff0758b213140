import type { Page } from '@playwright/test'
import { closeDatabase, pool } from '../../lib/db/client'
import { open, send, visit, watch } from './people'
import { expect, test } from './test'

test.afterAll(() => closeDatabase())

/** An order line that the policy takes back without a person, at a value that level 1 approves. */
const RETURNABLE = `SELECT l.id, l.order_id FROM order_line l
  WHERE l.sold_at > now() - interval '25 days' AND l.quantity = 1 AND l.currency = 'EUR' AND l.facility = 'venlo' AND l.category = 'apparel'
    AND l.channel = 'web-eu' AND l.segment <> 'vip' AND l.net + l.tax BETWEEN 600000 AND 1800000 AND NOT l.final_sale
    AND NOT EXISTS (SELECT FROM return_unit u WHERE u.order_line_id = l.id)
    AND (SELECT count(DISTINCT u.rma_id) FROM return_unit u WHERE u.customer_id = l.customer_id) < 5
  ORDER BY l.sold_at DESC LIMIT 1`

const AGO = '2020-01-01'
const figures = async (page: Page): Promise<{ requested: number; received: number; refunded: number }> => {
  const answer = await page.request.get(
    `/api/v1/query?metrics=requested_units,received_units,refunded_value&from=${AGO}&to=2035-01-01&basis=activity&tz=UTC`,
  )
  const { totals } = await answer.json()
  return { requested: totals.requested_units, received: totals.received_units, refunded: totals.refunded_value }
}

test('one return goes from request to posting through five people, and every figure moves by the right amount', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  // History is taken over beside the running product: an order of it that can be returned.
  let order: { id: string; order_id: string } | undefined
  await expect
    .poll(
      async () => {
        const { rows } = await pool().query<{ id: string; order_id: string }>(RETURNABLE)
        order = rows[0]
        return rows.length
      },
      { timeout: 120_000 },
    )
    .toBe(1)
  if (!order) throw new Error('no order can be returned')
  const farah = await open(browser, 'Farah Aziz')
  const before = await figures(farah)

  // Customer service asks for it; the policy authorizes.
  const ines = await open(browser, 'Inés Carrasco')
  const complaints = watch(ines)
  const asked = await send<{ rmaId: string; units: string[]; decision: string }>(ines, 'return.request', {
    orderId: order.order_id,
    lines: [{ orderLineId: order.id, quantity: 1, reason: 'too_small' }],
  })
  expect(asked.decision).toBe('authorized')
  const [unit = ''] = asked.units
  await ines.goto(`/returns/${asked.rmaId}`)
  await expect(ines.getByRole('heading', { level: 1, name: asked.rmaId })).toBeVisible()
  await expect(ines.getByText('Authorized', { exact: true }).first()).toBeVisible()
  await ines.goto(`/returns?q=${unit}`)
  await expect(ines.getByRole('link', { name: asked.rmaId })).toBeVisible()

  // The receiver takes it in, on the case's page.
  const jo = await open(browser, 'Jo Verhoeven')
  await visit(jo, `/returns/${asked.rmaId}`)
  await jo.getByRole('button', { name: /receive/i }).click()
  await jo
    .getByRole('form', { name: /receive/i })
    .getByRole('button', { name: /receive/i })
    .click()
  await expect(jo.getByText('Received', { exact: true }).first()).toBeVisible()

  // The automation proposes what is due; an approver who touched nothing says yes, by keyboard.
  const maya = await open(browser, 'Maya Fischer')
  await expect
    .poll(
      async () => {
        await visit(maya, '/approvals')
        return maya.locator('li[data-id]', { hasText: asked.rmaId }).count()
      },
      { timeout: 60_000 },
    )
    .toBe(1)
  await maya.locator('li[data-id]', { hasText: asked.rmaId }).focus()
  await maya.keyboard.press('a')
  await expect(maya.locator('li[data-id]', { hasText: asked.rmaId })).toHaveCount(0, { timeout: 30_000 })

  // It is paid, and the controller sees it posted.
  const amount = await expect
    .poll(
      async () =>
        (await pool().query<{ state: string }>('SELECT state FROM settlement WHERE unit_id = $1', [unit])).rows[0]
          ?.state,
      { timeout: 60_000 },
    )
    .toBe('paid')
    .then(
      async () =>
        Number(
          (await pool().query<{ amount: bigint }>('SELECT amount FROM settlement WHERE unit_id = $1', [unit])).rows[0]
            ?.amount,
        ) / 10_000,
    )
  await farah.goto(`/returns/${asked.rmaId}`)
  await expect(farah.getByText('Paid', { exact: true }).first()).toBeVisible()
  await expect(farah.getByRole('heading', { name: 'Postings' })).toBeVisible()
  await expect(farah.getByText('Settlement paid').first()).toBeVisible()

  // And every figure has moved by it.
  await expect
    .poll(
      async () => {
        const after = await figures(farah)
        return [
          after.requested >= before.requested + 1,
          after.received >= before.received + 1,
          Math.round((after.refunded - before.refunded) * 100) >= Math.round(amount * 100),
        ]
      },
      { timeout: 30_000 },
    )
    .toEqual([true, true, true])
  expect(complaints).toEqual([])
})
