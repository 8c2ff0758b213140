import { readFileSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { closeDatabase, pool } from '../../lib/db/client'
import { signIn, visit, watch } from './people'
import { expect, test } from './test'

test.afterAll(() => closeDatabase())

test('a fee is drafted, tried on the past, seen in figures and cases, and told to who went elsewhere', async ({
  browser,
  page,
}) => {
  test.setTimeout(240_000)
  // History is taken over beside the running product: something of the last ninety days to judge.
  await expect
    .poll(
      async () =>
        (
          await pool().query<{ n: number }>(
            "SELECT count(*)::int AS n FROM return_unit WHERE received_at > now() - interval '60 days'",
          )
        ).rows[0]?.n ?? 0,
      { timeout: 120_000 },
    )
    .toBeGreaterThan(20)
  const complaints = watch(page)
  await signIn(page, 'Hugo Martel')
  await visit(page, '/settings/policies/returns')
  await page.getByRole('button', { name: 'Draft a new version' }).click()
  await page.getByRole('button', { name: 'Begin' }).click()
  await expect
    .poll(async () => (await pool().query("SELECT 1 FROM policy WHERE kind = 'returns' AND state = 'draft'")).rowCount)
    .toBeGreaterThan(0)
  const { rows } = await pool().query<{ version: number }>(
    "SELECT version FROM policy WHERE kind = 'returns' AND state = 'draft' ORDER BY version DESC LIMIT 1",
  )
  const version = rows[0]?.version ?? 0
  await visit(page, `/settings/policies/returns?version=${version}`)
  await page.getByLabel('Fee percent of standard').fill('12')
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect(page.getByRole('heading', { name: /What it changes against/ })).toBeVisible()

  await page.getByRole('link', { name: 'Try it on the past' }).click()
  const form = page.getByRole('form', { name: 'Try on the past' })
  await expect(form.getByRole('combobox', { name: 'Try', exact: true })).toHaveValue(String(version))
  await form.getByRole('button', { name: 'Try it' }).click()
  await expect(page).toHaveURL(/run=/)
  await expect(page.getByText(/would have been another: refunds and credits down by/)).toBeVisible({ timeout: 60_000 })
  const fees = page.getByRole('region', { name: 'Figures before and after' }).getByRole('row', { name: /Fees kept/ })
  await expect(fees).toContainText('better')
  await expect(page.getByRole('heading', { name: /cases that would have been another/ })).toBeVisible()
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.html}`)).toEqual([])
  const tried = page.url()
  const run = new URL(tried).searchParams.get('run') ?? ''

  // The differences are the sum of the cases, to the cent.
  const answer = await page.request.get(`/api/v1/policies/returns/simulate/${run}`)
  const { simulation } = await answer.json()
  const cases = await pool().query<{ sum: string }>(
    "SELECT sum((after_sums ->> 'fee')::numeric - (before_sums ->> 'fee')::numeric) / 10000 AS sum FROM simulation_case WHERE simulation_id = $1",
    [run],
  )
  const fee = simulation.result.figures.find(({ id }: { id: string }) => id === 'fee')
  expect(Number(cases.rows[0]?.sum)).toBeCloseTo(Number(fee.after) - Number(fee.before), 4)

  // Who drafts policies takes the cases along, without the right to export every row.
  const file = await page.request.get((await page.locator('a[data-csv]').getAttribute('href')) ?? '')
  expect(file.status()).toBe(200)
  expect(file.headers()['content-type']).toContain('text/csv')

  // A row narrows the cases; a case leads to its return.
  await page
    .getByRole('region', { name: 'Row, before and after' })
    .getByRole('row', { name: /standard/ })
    .getByRole('link')
    .first()
    .click()
  await expect(page.getByRole('heading', { name: /from or to row standard/ })).toBeVisible()
  await page.getByRole('region', { name: 'Cases' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/returns\//)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  // Another one is asked for and left before its end was heard: it is told on another page.
  await page.route('**/live?*', async (route) => {
    const heard = await route.fetch()
    await route.fulfill({ response: heard, json: { ...(await heard.json()), ended: [] } })
  })
  await visit(page, tried)
  await form.getByRole('combobox', { name: 'Channel' }).selectOption({ index: 1 })
  await form.getByRole('button', { name: 'Try it' }).click()
  await expect(page).not.toHaveURL(tried)
  // Its own page may hear of its end while the next one is on its way; then it has been seen, and nothing is told. So: leave first, hear then.
  await page.goto('/returns')
  await page.unrouteAll({ behavior: 'wait' })
  const told = page.getByText(`The simulation of the returns policy, version ${version}, is done.`)
  await expect(told).toBeVisible({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Close the message' }).click()
  await expect(told).toHaveCount(0)

  // Who approves sees what was tried of exactly this table.
  const sent = await page.request.post('/api/v1/commands/policy.submit', {
    data: {
      commandId: crypto.randomUUID(),
      input: { kind: 'returns', version, note: 'A fee for everybody, as tried' },
    },
  })
  expect(sent.status()).toBe(200)
  const farah = await (await browser.newContext()).newPage()
  await signIn(farah, 'Farah Aziz')
  await farah.goto('/approvals')
  const line = farah.locator('li[data-id]', { hasText: `Version ${version} of the returns policy` })
  await expect(line).toContainText('would have been another')
  await line.getByRole('link', { name: /^Tried on/ }).click()
  await expect(farah.getByRole('region', { name: 'Figures before and after' })).toBeVisible()
  const [download] = await Promise.all([farah.waitForEvent('download'), farah.locator('a[data-csv]').click()])
  expect(readFileSync(await download.path(), 'utf8')).toContain('Units that would have been another')
  // Nothing of it stays with the other tests.
  const { rows: open } = await pool().query<{ id: string }>(
    "SELECT id FROM approval WHERE subject_id = $1 AND state = 'open'",
    [`returns/${version}`],
  )
  const no = await farah.request.post('/api/v1/commands/approval.reject', {
    data: { commandId: crypto.randomUUID(), input: { ids: [open[0]?.id], reason: 'Only tried' } },
  })
  expect(no.status()).toBe(200)
  // Customer service tries no policies.
  const ines = await (await browser.newContext()).newPage()
  await signIn(ines, 'Inés Carrasco')
  expect((await ines.request.get(`/api/v1/policies/returns/simulate/${run}`)).status()).toBe(403)
  expect((await ines.goto('/settings/policies/returns/simulation'))?.status()).toBe(404)
  expect(complaints).toEqual([])
})
