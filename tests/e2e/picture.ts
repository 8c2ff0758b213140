import type { Page } from '@playwright/test'

/** A photo of this size, as a camera hands it over. */
export async function picture(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2400, 1800)
    const context = canvas.getContext('2d')
    for (let x = 0; x < 2400; x += 40) {
      if (context) context.fillStyle = `hsl(${Math.random() * 360} 60% 50%)`
      context?.fillRect(x, 0, 40, 1800)
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  })
  return { name: 'IMG_0001.png', mimeType: 'image/png', buffer: Buffer.from(base64, 'base64') }
}
