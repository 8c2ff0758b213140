import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { closeDatabase, pool } from '../../../lib/db/client'
import { COMMANDS } from '../../../lib/workflow/registry'
import { orders, units } from '../outside'
import { attempt, open, send, signIn, visit, watch } from '../people'
import { expect, test } from '../test'

test.afterAll(() => closeDatabase())

/** What the script that knows nothing of the product says of what the page gives away. */
async function proved(page: Page, link: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).click()])
  const anchors = join(process.env.BACKHAUL_DATA ?? '', 'anchors', 'audit.ndjson')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['scripts/audit/verify-export.mjs', await download.path(), anchors],
    { encoding: 'utf8' },
  )
  expect(status, stderr).toBe(0)
  return stdout
}

test('an auditor finds who did what, proves the log here and elsewhere, sees what was refused, and changes nothing', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  const complaints = watch(page)
  const [order] = await orders('AUDIT', 1)
  const ines = await open(browser, 'Inés Carrasco')
  const { rmaId } = await send<{ rmaId: string }>(ines, 'return.request', {
    orderId: order?.orderId,
    lines: [{ orderLineId: order?.lineId, quantity: 1, reason: 'too_small' }],
  })
  const refused = await attempt(ines, 'approval.approve', { ids: [crypto.randomUUID()] })
  expect(refused.error?.code).toBe('forbidden')

  await signIn(page, 'Greta Lindqvist')
  await expect(page).toHaveURL(/\/audit$/)
  await page.getByLabel('Return, unit, settlement or other id').fill(rmaId)
  await page.keyboard.press('Enter')
  await page.waitForURL(/find=/)
  const created = page.getByRole('listitem').filter({ hasText: /Return created/i })
  await expect(created).toContainText('Inés Carrasco')
  await created.locator('summary').press('Enter')
  await expect(created.getByRole('columnheader', { name: 'Before' })).toBeVisible()
  await expect(created.getByRole('link', { name: 'Open' })).toBeVisible()

  // The log opens with what people did and says so: what machines tell would flood it. One press shows it all; the seal is about all of it.
  const [scanned = ''] = await units('AUDITED', 1, 'venlo')
  const filtered = page.getByText('Filtered: what people, API keys and approvals changed.')
  const lines = page.getByRole('main').getByRole('listitem')
  const machine = lines.filter({ hasText: '/oms/e2e' })
  /** That the page tells of everything that was sealed before it was asked for. */
  const tellsOfAll = async (visit: () => Promise<unknown>) => {
    const { rows } = await pool().query<{ size: number }>('SELECT max(size)::int AS size FROM audit_block')
    await visit()
    const told = (await page.getByText(/entries in .* signed blocks/).textContent()) ?? ''
    expect(Number(/([\d,]+) entries in/.exec(told)?.[1]?.replaceAll(',', ''))).toBeGreaterThanOrEqual(
      rows[0]?.size ?? 1,
    )
  }
  await tellsOfAll(() => page.goto('/audit'))
  await expect(filtered).toBeVisible()
  await expect(lines.filter({ hasText: 'Inés Carrasco' }).first()).toBeVisible()
  await expect(machine).toHaveCount(0)
  await page.getByLabel('Return, unit, settlement or other id').fill(scanned)
  await page.keyboard.press('Enter')
  await expect(page.getByText('Nothing of this was done.')).toBeVisible()
  await page.getByRole('link', { name: 'Show everything' }).focus()
  await page.keyboard.press('Enter')
  await expect(machine.first()).toBeVisible()
  await expect(page).toHaveURL(/kind=all/)
  await expect(filtered).toHaveCount(0)
  await tellsOfAll(() => page.reload())
  // What is chosen stays with the next search, and can be changed and taken off in its place.
  await page.getByLabel('Return, unit, settlement or other id').fill(rmaId)
  await page.keyboard.press('Enter')
  await expect(lines.filter({ hasText: 'Inés Carrasco' }).first()).toBeVisible()
  await expect(page).toHaveURL(/kind=all/)
  await page.locator('summary').filter({ hasText: 'Everything' }).press('Enter')
  await page.getByRole('link', { name: 'The program' }).press('Enter')
  await expect(page).toHaveURL(/kind=system/)
  await expect(lines.filter({ hasText: 'Inés Carrasco' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Remove who: The program' }).press('Enter')
  await expect(page).toHaveURL(/kind=all/)
  await visit(page, `/audit?find=${encodeURIComponent(rmaId)}`)

  // Proved here, and by a script of a hundred lines elsewhere: of this return, and of everything.
  await page.getByRole('button', { name: 'Verify now' }).press('Enter')
  await expect(page.getByText(/^Whole to entry/)).toBeVisible({ timeout: 60_000 })
  await expect
    .poll(async () => proved(page, `Proof for ${rmaId}`), { timeout: 30_000 })
    .toMatch(/^[1-9]\d* entries in [1-9]\d* blocks are what was sealed and anchored/)
  await page.goto('/audit')
  expect(await proved(page, 'Export with proofs')).toMatch(/are what was sealed and anchored/)

  await page.getByRole('link', { name: 'What was refused' }).press('Enter')
  // She is refused other things in other tests, too.
  const tried = page.getByRole('row').filter({ hasText: 'Inés Carrasco' }).filter({ hasText: 'approval.approve' })
  await expect(tried.first()).toBeVisible()

  // Everything is open to her eyes, and closed to her hands with the reason beside it.
  await page.goto(`/returns/${rmaId}`)
  const may = page.getByRole('region', { name: 'You may' })
  await expect(may).toContainText('Nothing is open to you here now. Below is why.')
  await expect(may.locator('dd').first()).toBeVisible()
  await expect(may.getByRole('button')).toHaveCount(0)
  await page.goto('/claims?stage=submitted')
  await expect(page.getByRole('heading', { name: 'Supplier claims' })).toBeVisible()
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await page.goto('/close')
  await expect(page.getByText(/^Lock: /)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign' })).toHaveCount(0)
  for (const { name } of COMMANDS)
    if (name !== 'control.look') expect((await attempt(page, name, {})).error?.code, name).toBe('forbidden')
  await page.goto('/audit?tab=refused')
  await expect(page.getByRole('row').filter({ hasText: 'Greta Lindqvist' }).first()).toBeVisible()

  // The one thing she may press: to look at a control now.
  await visit(page, '/controls')
  await page.getByRole('button', { name: 'Look now' }).first().press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toHaveCount(0)
  expect(complaints).toEqual([])
})
