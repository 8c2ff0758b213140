import type { Page } from '@playwright/test'
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../lib/auth/demo'

/** Everything that a browser complains about on a page; a refused password is a 401 or a message, never one of these. */
export function watch(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

/** Signs a person of the demo company in, by name, and waits for their first page. */
export async function signIn(page: Page, name: string): Promise<void> {
  const person = DEMO_ACCOUNTS.find((each) => each.name === name)
  await page.goto('/login')
  await page.getByLabel('E-mail').fill(person?.email ?? '')
  await page.getByLabel('Password').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
}
