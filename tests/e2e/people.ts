import { type Browser, expect, type Page } from '@playwright/test'
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../lib/auth/demo'

/**
 * Everything that a browser complains about on a page, and every request that was refused or failed: a test that asks for what must be refused
 * takes that out itself. A request that the browser itself gave up is no fault: what it fetched ahead, what it was asking for when the page was
 * left, and a link that became a download.
 */
export function watch(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'failed'
    if (reason !== 'net::ERR_ABORTED') complaints.push(`${request.method()} ${request.url()}: ${reason}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400)
      complaints.push(`${response.request().method()} ${response.url()}: ${response.status()}`)
  })
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

/** Waits until the scripts of a page have taken over: a key that is pressed before is lost, and so is what is typed into a field of theirs. */
export const ready = (page: Page) => expect(page.locator('#main[aria-busy="false"]')).toBeAttached()

/** Goes to a page of the shell to do something there. */
export async function visit(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await ready(page)
}

/** A person in a browser of their own. */
export async function open(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await signIn(page, name)
  return page
}

/** A command as the signed-in person, the way the pages send it; answers what came back, done or refused. */
export async function attempt<Result = Record<string, unknown>>(
  page: Page,
  name: string,
  input: unknown,
): Promise<{ result?: Result; error?: { code: string; message: string } }> {
  const answer = await page.request.post(`/api/v1/commands/${name}`, {
    headers: { 'content-type': 'application/json' },
    data: { commandId: crypto.randomUUID(), input },
  })
  return answer.json()
}

/** The same, for what must not be refused. */
export async function send<Result>(page: Page, name: string, input: unknown): Promise<Result> {
  const { result, error } = await attempt<Result>(page, name, input)
  expect(error, `${name}: ${JSON.stringify(error)}`).toBeUndefined()
  return result as Result
}

/** A metric of one item over all time, as the signed-in person may see it. */
export async function figure(page: Page, metric: string, sku: string): Promise<number> {
  const asked = new URLSearchParams({
    ...{ metrics: metric, from: '2020-01-01', to: '2035-01-01', basis: 'activity', tz: 'UTC', filter: `sku:in:${sku}` },
  })
  const answer = await page.request.get(`/api/v1/query?${asked}`)
  const { totals, error } = await answer.json()
  expect(error).toBeUndefined()
  return Number(totals?.[metric] ?? 0)
}

/** Waits until a metric of one item is what it should be now. */
export const becomes = (page: Page, metric: string, sku: string, value: number) =>
  expect
    .poll(() => figure(page, metric, sku), { timeout: 30_000, message: `${metric} of ${sku}` })
    .toBeCloseTo(value, 2)
