import type { Page } from '@playwright/test'
import { closeDatabase, pool } from '../../../lib/db/client'
import { CLOSE_TASKS } from '../../../lib/returns/close-tasks'
import { INVARIANTS } from '../../../lib/workflow/controls/invariants'
import { RUN } from '../outside'
import { attempt, open, ready, send, signIn, visit, watch } from '../people'
import { expect, test } from '../test'

test.afterAll(() => closeDatabase())
test.describe.configure({ mode: 'serial' })

/** Books of their own: what is locked and closed here is nobody else's. */
const ENTITY = `books-${RUN.toLowerCase()}`
const day = new Date()
day.setUTCDate(10)
day.setUTCMonth(day.getUTCMonth() - 1)
const DAY = day.toISOString().slice(0, 10)
const MONTH = DAY.slice(0, 7)
const CLOSE = `/close?books=${ENTITY}&month=${MONTH}`
const MEMO = `Bank fee of the month, ${RUN}`

/** Prepares an entry in the form, by keyboard. */
async function prepare(page: Page, memo: string): Promise<void> {
  await visit(page, '/journal')
  await page.getByRole('button', { name: 'Prepare an entry' }).press('Enter')
  const form = page.getByRole('form', { name: 'Prepare an entry' })
  await expect(form.getByLabel('Entity')).toBeFocused()
  await form.getByLabel('Entity').selectOption(ENTITY)
  await form.getByLabel('Day').fill(DAY)
  await form.getByLabel('Account of line 1').selectOption('return_costs.payment_fee')
  await form.getByLabel('Debit of line 1').fill('12.50')
  await expect(form.getByText('Credits lack 12.50')).toBeVisible()
  await expect(form.getByRole('button', { name: 'Ask for approval' })).toBeDisabled()
  await form.getByLabel('Account of line 2').selectOption('accrued_costs')
  await form.getByLabel('Credit of line 2').fill('12.50')
  await expect(form.getByText('Balances at 12.50')).toBeVisible()
  await form.getByLabel(/^What it is for/).fill(memo)
  await page.keyboard.press('Enter')
}

/** Says yes on the page of approvals, by keyboard, to what has these words. */
async function approve(page: Page, words: string): Promise<void> {
  await visit(page, '/approvals')
  const line = page.locator('li[data-id]', { hasText: words })
  await line.focus()
  await page.keyboard.press('a')
  await expect(line.getByRole('button')).toHaveCount(0)
}

test('an accountant prepares an entry that waits for somebody else, and takes a difference to its row and settles it', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  await pool().query(
    `INSERT INTO facility (id, name, kind, entity, country, tz, shifts) VALUES ($1, 'Books', 'warehouse', $1, 'NL', 'Europe/Amsterdam', '[]')`,
    [ENTITY],
  )
  await signIn(page, 'Nadia Petrova')
  await expect(page).toHaveURL(/\/close$/)
  await prepare(page, MEMO)
  await expect(page.getByText('Asked for. It is posted when somebody else has approved it.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Asked for' })).toContainText(MEMO)

  // Not by herself, on the page or past it.
  await page.goto('/approvals')
  const waits = page.locator('li[data-id]', { hasText: MEMO })
  await expect(waits).toContainText('Your role sees approvals and decides none.')
  const id = await waits.getAttribute('data-id')
  expect((await attempt(page, 'approval.approve', { ids: [id] })).error?.code).toBe('forbidden')
  const farah = await open(browser, 'Farah Aziz')
  await approve(farah, MEMO)

  await page.goto(`/journal?books=${ENTITY}&origin=manual`)
  await page.getByRole('row').filter({ hasText: MEMO }).getByRole('link').first().press('Enter')
  const panel = page.getByRole('complementary')
  await expect(panel).toContainText(MEMO)
  await expect(panel).toContainText('Farah Aziz')

  // A refund that the bank reports and nobody here knows.
  const ref = `re_${RUN}`
  await visit(page, '/reconciliation?tab=payments')
  await page.getByRole('button', { name: 'Import a payment report' }).press('Enter')
  await page.getByLabel('Provider, as a short name').fill('bank')
  await page.getByLabel(/^CSV with the columns/).setInputFiles({
    name: `${ref}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `id,status,amount,currency,created (utc)\n${ref},succeeded,12.00,eur,${new Date().toISOString()}`,
    ),
  })
  await page.getByRole('button', { name: 'Import', exact: true }).press('Enter')
  await expect(page.getByText('1 row taken in.')).toBeVisible()
  await visit(page, '/reconciliation?tab=payments')
  await page.getByRole('link', { name: new RegExp(ref) }).press('Enter')
  const difference = page.getByRole('complementary')
  await expect(difference).toContainText('12.00')
  await expect(difference).toContainText('Most likely:')
  await difference.getByRole('button', { name: 'Settle with an entry' }).press('Enter')
  await page.getByLabel('Booked against').selectOption('returns_and_allowances')
  await page.getByLabel('In the books of').selectOption(ENTITY)
  await page.getByLabel(/^What happened/).fill(`Refunded by hand at the bank, ${ref}.`)
  await page.getByRole('button', { name: 'Ask for approval' }).press('Enter')
  await expect(difference.getByRole('button', { name: 'Ask for approval' })).toHaveCount(0)
  await expect(difference.getByRole('button', { name: 'Settle with an entry' })).toHaveCount(0)
  // The button says something else while the command is under way.
  await expect
    .poll(
      async () => (await pool().query("SELECT 1 FROM approval WHERE summary LIKE '%' || $1 || '%'", [ref])).rowCount,
    )
    .toBe(1)
  await approve(farah, ref)
  await page.reload()
  await expect(difference).toContainText(/settled/i)
  const { rows } = await pool().query<{ account: string; amount: string }>(
    `SELECT l.account, ((l.debit - l.credit) / 10000)::text AS amount FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
     WHERE e.entity = $1 AND l.account IN ('cash_clearing', 'returns_and_allowances') ORDER BY 1`,
    [ENTITY],
  )
  expect(rows).toEqual([
    { account: 'cash_clearing', amount: '-12' },
    { account: 'returns_and_allowances', amount: '12' },
  ])
  await farah.context().close()
  expect(complaints).toEqual([])
})

test('a controller closes a month on computed figures, nothing comes in any more, and two others open it again', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const nadia = await open(browser, 'Nadia Petrova')
  const greta = await open(browser, 'Greta Lindqvist')
  // History is taken over beside the running product: until it is, not everything told has been applied.
  await expect
    .poll(
      async () => {
        const { error } = await attempt(nadia, 'close.sign', { entity: ENTITY, period: MONTH, task: 'events' })
        return error?.code ?? 'signed'
      },
      { timeout: 120_000 },
    )
    .toBe('signed')
  // What was open for a moment, in the test before or while history was taken over, may have been seen by the round of the controls.
  for (const { id, title } of INVARIANTS)
    expect(await send(greta, 'control.look', { id }), `${id}: ${title}`).toEqual({ holds: true })
  for (const { id, owner } of CLOSE_TASKS)
    if (owner === 'accountant' && id !== 'events')
      await send(nadia, 'close.sign', { entity: ENTITY, period: MONTH, task: id })

  await signIn(page, 'Farah Aziz')
  await visit(page, CLOSE)
  const task = (title: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) })
  await expect(task('The trial balance is zero')).toContainText('Nadia Petrova')
  // The worker looks again within half a minute at what it could not look at while history was taken over.
  await expect(async () => {
    await page.reload()
    await expect(task('Every control holds')).toContainText(/All \d+ hold, looked at/, { timeout: 5_000 })
  }).toPass({ timeout: 120_000 })
  await ready(page)
  for (const title of ['Every control holds', 'Manual entries have been read']) {
    await task(title).getByRole('button', { name: 'Sign' }).press('Enter')
    await page.keyboard.press('Enter')
    await expect(task(title)).toContainText('Farah Aziz')
  }
  await page.getByRole('button', { name: 'Lock', exact: true }).press('Enter')
  await expect(page.getByText('Locked: cases post into the next period')).toBeVisible()
  await page.getByRole('button', { name: 'Close the period' }).press('Enter')
  await expect(page.getByText('Nothing comes in any more.')).toBeVisible()
  await expect(page.getByText(/^SHA-256 of what it holds: [0-9a-f]{64}$/)).toBeVisible()

  // A posting into it is refused, with what to do instead.
  await prepare(nadia, `Forgotten, ${RUN}`)
  await expect(
    nadia.getByRole('alert').filter({ hasText: 'is closed: date the entry in an open period' }),
  ).toBeVisible()

  await visit(nadia, CLOSE)
  await nadia.getByRole('button', { name: 'Ask to reopen' }).press('Enter')
  await nadia.getByLabel('What must be corrected').fill(`A bank fee was forgotten, ${RUN}.`)
  await nadia.getByRole('button', { name: 'Ask two others' }).press('Enter')
  await expect(nadia.getByRole('button', { name: 'Ask two others' })).toHaveCount(0)
  const oscar = await open(browser, 'Oscar Lund')
  await approve(oscar, `Reopen ${MONTH} of ${ENTITY}`)
  await page.goto(CLOSE)
  await expect(page.getByText('Nothing comes in any more.')).toBeVisible()
  await approve(page, `Reopen ${MONTH} of ${ENTITY}`)
  await page.goto(CLOSE)
  await expect(page.getByText('Locked: cases post into the next period')).toBeVisible()
  await expect(page.getByRole('heading', { name: /^Checklist 0 of/ })).toBeVisible()
  expect(complaints).toEqual([])
})
