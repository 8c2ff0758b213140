import { closeDatabase } from '../../lib/db/client'
import { ready, signIn, visit } from './people'
import { expect, test } from './test'

test.afterAll(() => closeDatabase())

test('a person is added, comes in by a link, gets a role that another excludes under review, and is out with the change', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const name = `Wanda ${Date.now()}`
  const email = `${name.replace(' ', '.').toLowerCase()}@people.example`
  const priya = await (await browser.newContext()).newPage()
  await signIn(priya, 'Priya Raman')
  await visit(priya, '/settings/people')
  await priya.getByRole('button', { name: 'Add a person' }).click()
  await priya.getByLabel('Name').fill(name)
  await priya.getByLabel('E-mail').fill(email)
  await priya.getByLabel(/^Role/).selectOption('cs_agent')
  await priya.getByLabel('Why').fill('Starts on Monday')
  await priya.getByRole('button', { name: 'Add the person' }).click()
  await expect(priya.getByRole('heading', { level: 1 })).toContainText(name)
  await priya.getByRole('button', { name: 'Make a set-up link' }).click()
  const link = await priya.getByText(/\/login\/setup\?token=/).textContent()

  const wanda = await (await browser.newContext()).newPage()
  await wanda.goto((link ?? '').replace(/^.*(?=\/login)/, ''))
  await expect(wanda.getByRole('heading', { level: 1 })).toContainText(`Welcome, ${name}`)
  await expect(wanda.getByLabel('E-mail')).toHaveValue(email)
  await wanda.getByLabel('Password').fill('a long walk to Venlo')
  await wanda.getByRole('button', { name: 'Set the password and sign in' }).click()
  await expect(wanda).toHaveURL(/\/returns/)

  await priya.reload()
  await ready(priya)
  await priya.getByText('Give a role', { exact: true }).click()
  await priya.getByLabel('Role', { exact: true }).selectOption('refund_approver_l1')
  await expect(priya.getByText(/exclude each other: nobody may both/)).toBeVisible()
  await priya.getByLabel('Who reviews it').selectOption({ label: 'Farah Aziz, controller' })
  await priya.getByLabel('What they look at, and how often').fill('Every refund, each week')
  await priya.getByRole('form', { name: 'Give a role' }).getByLabel('Why').fill('Two people short')
  await priya.getByRole('button', { name: /^Make Wanda .* refund approver, level 1$/ }).click()
  await expect(priya.getByText(/Farah Aziz reviews it: Every refund, each week\. Until/)).toBeVisible()
  // Her session ended with it; she comes in again with the new role. Her page may have noticed by itself and be on its way already.
  await wanda.goto('/approvals').catch(() => undefined)
  await expect(wanda).toHaveURL(/\/login/)
  await priya.goto('/settings/segregation')
  await expect(priya.getByRole('region', { name: 'Who holds what together' })).toContainText(name)

  await priya.goto('/settings/people')
  await priya.getByRole('link', { name: 'Priya Raman' }).click()
  await expect(priya.getByText(/Nobody changes their own roles/)).toBeVisible()
  await expect(priya.getByRole('button', { name: 'Take away' })).toHaveCount(0)

  const greta = await (await browser.newContext()).newPage()
  await signIn(greta, 'Greta Lindqvist')
  await greta.goto('/settings/people')
  await greta.getByRole('link', { name }).click()
  await expect(greta.getByText(/Given Refund approver, level 1/)).toContainText('Two people short')
  await expect(greta.getByRole('button', { name: 'Deactivate' })).toHaveCount(0)
})
