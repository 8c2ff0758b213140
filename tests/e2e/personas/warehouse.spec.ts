import { closeDatabase, pool } from '../../../lib/db/client'
import { RUN, units } from '../outside'
import { becomes, figure, signIn, visit, watch } from '../people'
import { scan } from '../scan'
import { expect, test } from '../test'

test.afterAll(() => closeDatabase())

/** The item of the units that `units` made under a name. */
const itemOf = (name: string): string => `SKU-E2E-${RUN}${name}`

test('a receiver lands at the dock, takes in what was announced and what was not, and sees it counted', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const [first = '', second = ''] = await units('DOCK', 2, 'venlo')
  await signIn(page, 'Jo Verhoeven')
  await expect(page).toHaveURL(/\/receiving$/)
  await expect(page.getByText('Synced')).toBeVisible()
  const last = page.getByRole('region', { name: 'Last scan', exact: true })
  await scan(page, [`T${first}`])
  await expect(last).toContainText('Station Coat')
  await becomes(page, 'received_units', itemOf('DOCK'), 1)

  // By its return's number this time, graded by the command on the wall.
  await scan(page, [`R${second}`, 'CMD-GRADE-C'])
  await becomes(page, 'received_units', itemOf('DOCK'), 2)
  await expect
    .poll(
      async () => (await pool().query('SELECT condition FROM return_unit WHERE id = $1', [second])).rows[0]?.condition,
    )
    .toBe('C')

  // A parcel that nobody announced is kept, on hold and with somebody to look for its owner.
  const pressed = new Date()
  await page.keyboard.press('r')
  let blind = ''
  await expect
    .poll(async () => {
      const { rows } = await pool().query<{ id: string }>(
        `SELECT u.id FROM return_unit u JOIN case_exception e ON e.unit_id = u.id AND e.kind = 'unmatched_receipt' AND e.state = 'open'
         WHERE u.rma_id IS NULL AND u.status = 'hold' AND u.facility = 'venlo' AND u.received_at > $1`,
        [pressed],
      )
      blind = rows[0]?.id ?? ''
      return blind
    })
    .toMatch(/^BR-/)
  await page.goto('/exceptions')
  await expect(page.getByText(blind).first()).toBeVisible()

  // The record of the first, as anybody reads it afterwards.
  await page.goto(`/returns/R${first}`)
  await expect(page.getByText('Received', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Jo Verhoeven')
  expect(complaints).toEqual([])
})

test('an inspector lands at the bench, grades by keys, and never what they have received themselves', async ({
  page,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const [unit = ''] = await units('BENCH', 1, 'lodz', 'received')
  await signIn(page, 'Agnieszka Nowak')
  await expect(page).toHaveURL(/\/inspection$/)
  await expect(page.getByText('Synced')).toBeVisible()
  expect(await figure(page, 'inspected_units', itemOf('BENCH'))).toBe(0)
  await scan(page, [unit])
  await expect(page.getByRole('region', { name: 'Unit', exact: true })).toContainText(unit)
  for (const key of ['a', '1', 'Enter']) await page.keyboard.press(key)
  await expect(page.getByRole('region', { name: 'Last unit' })).toContainText('Proposed: restock')
  await becomes(page, 'inspected_units', itemOf('BENCH'), 1)

  // On the record: what was found, by whom, what is proposed, and that the decision is somebody else's.
  await visit(page, `/returns/R${unit}`)
  await expect(page.getByText('Inspected', { exact: true }).first()).toBeVisible()
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('Agnieszka Nowak')
  const may = page.getByRole('region', { name: 'You may' })
  await may.locator('summary', { hasText: 'closed to you, and why' }).press('Enter')
  await expect(may).toContainText('Disposition lead')
  await may.getByRole('button', { name: 'Grade again' }).press('Enter')
  const form = page.getByRole('form', { name: 'Grade again' })
  await form.getByLabel('Condition').selectOption('B')
  await form.getByLabel('Finding').selectOption('as_new')
  await form.getByLabel('Why').fill('The box was opened.')
  await form.getByRole('button', { name: 'Keep the new grade' }).press('Enter')
  await expect
    .poll(
      async () => (await pool().query('SELECT condition FROM return_unit WHERE id = $1', [unit])).rows[0]?.condition,
    )
    .toBe('B')
  expect(complaints).toEqual([])
})
