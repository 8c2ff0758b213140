import type { Page } from '@playwright/test'
import { closeDatabase, pool } from '../../../lib/db/client'
import { defects, RUN } from '../outside'
import { becomes, signIn, visit, watch } from '../people'
import { expect, test } from '../test'

test.afterAll(() => closeDatabase())

const SUPPLIER = `maker-${RUN.toLowerCase()}`
const at = (stage: string): string => `/claims?stage=${stage}&supplier=${SUPPLIER}`

/** The action on what is picked, with what must be said. */
async function act(page: Page, button: string, said: Record<string, string>): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).press('Enter')
  const dialog = page.getByRole('dialog')
  for (const [label, value] of Object.entries(said)) await dialog.getByLabel(label).fill(value)
  await dialog.getByRole('button', { name: button, exact: true }).press('Enter')
  await expect(dialog).toBeHidden()
}
const states = async (): Promise<Record<string, number>> => {
  const { rows } = await pool().query<{ state: string; n: number }>(
    'SELECT state, count(*)::int AS n FROM supplier_claim WHERE supplier_id = $1 GROUP BY 1',
    [SUPPLIER],
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

test('supplier recovery claims everything of a maker, is given part of it, refused part, and paid', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const found = await defects(SUPPLIER, 3)
  await signIn(page, 'Tom Okafor')
  await expect(page).toHaveURL(/\/claims$/)

  // All that is eligible of the supplier, as one batch.
  await visit(page, `/claims?supplier=${SUPPLIER}`)
  await expect(page.getByRole('checkbox', { name: /^Pick E2E/ })).toHaveCount(3)
  await page.locator('button[data-all]').press('Enter')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('3 claims for 240.00 EUR')
  await dialog.getByRole('button', { name: 'Open claims' }).press('Enter')
  await expect(dialog).toContainText('3 for 240.00 EUR')
  await dialog.getByRole('button', { name: 'Done' }).press('Enter')
  expect(await states()).toEqual({ opened: 3 })

  await visit(page, at('opened'))
  await page.getByRole('checkbox', { name: /^Pick all of/ }).press('Space')
  await expect(page.getByText('3 picked: 240.00 EUR')).toBeVisible()
  await act(page, 'Submit', { 'Reference, as the supplier knows it': `RTV-${RUN}` })
  await expect.poll(states).toEqual({ submitted: 3 })

  // One in part, one not at all, one whole.
  await visit(page, at('submitted'))
  const picks = page.getByRole('checkbox', { name: /^Pick (?!all)/ })
  await picks.nth(0).press('Space')
  await act(page, 'Accepted', { 'Accepted, EUR': '50', 'Why less, if it is less': 'Half of it was wear.' })
  await expect.poll(states).toEqual({ submitted: 2, accepted: 1 })
  await visit(page, at('submitted'))
  await picks.nth(0).press('Space')
  await act(page, 'Rejected', { Why: 'Not of their batch.' })
  await expect.poll(states).toEqual({ submitted: 1, accepted: 1, rejected: 1 })
  await visit(page, at('submitted'))
  await picks.nth(0).press('Space')
  await act(page, 'Accepted', {})
  await expect.poll(states).toEqual({ accepted: 2, rejected: 1 })

  // The whole one is paid; more than was accepted cannot come.
  await visit(page, at('accepted'))
  await expect(page.getByRole('region', { name: /^Claims with/ })).toContainText('50.00')
  await page.getByRole('checkbox', { name: /^Pick all of/ }).press('Space')
  await expect(page.getByText('2 picked: 130.00 EUR')).toBeVisible()
  await act(page, 'Money has come', { 'Payment or credit note': `CN-${RUN}` })
  await expect.poll(states).toEqual({ recovered: 2, rejected: 1 })

  // The funnel, the figure and the books say so.
  await page.goto(at('recovered'))
  await expect(page.getByRole('region', { name: /^Claims with/ })).toContainText('80.00')
  await becomes(page, 'claim_recovery_rate', `SKU-E2E-${RUN}DEF`, 130 / 240)
  const { rows } = await pool().query<{ account: string; amount: string }>(
    `SELECT l.account, (sum(l.debit - l.credit) / 10000)::numeric(12, 2)::text AS amount FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
     WHERE e.unit_id = ANY($1) AND e.cause_id LIKE 'claim:%' GROUP BY 1 HAVING sum(l.debit - l.credit) <> 0 ORDER BY 1`,
    [found],
  )
  expect(rows).toEqual([
    { account: 'cash_clearing', amount: '130.00' },
    { account: 'vendor_recovery', amount: '-130.00' },
  ])
  expect(complaints).toEqual([])
})
