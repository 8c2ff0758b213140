import type { Page } from '@playwright/test'

/** Scans like a wedge: real keys into the page, 4 ms apart by their own clock, whatever has the focus, ended by Enter. */
export async function scan(page: Page, codes: readonly string[]): Promise<void> {
  const client = await page.context().newCDPSession(page)
  let at = Date.now() / 1000
  const sent: Promise<unknown>[] = []
  for (const code of codes) {
    for (const key of [...code, 'Enter']) {
      at += 0.004
      const text = key === 'Enter' ? '\r' : key
      const about = {
        key,
        text,
        unmodifiedText: text,
        timestamp: at,
        ...(key === 'Enter' ? { windowsVirtualKeyCode: 13, code: 'Enter' } : {}),
      }
      sent.push(client.send('Input.dispatchKeyEvent', { type: 'keyDown', ...about }))
      sent.push(client.send('Input.dispatchKeyEvent', { type: 'keyUp', key, timestamp: at + 0.001 }))
    }
    // A person's hand between two labels.
    at += 0.02
  }
  await Promise.all(sent)
  await client.detach()
}
