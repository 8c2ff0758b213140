import { closeDatabase } from '../../lib/db/client'
import { units } from './outside'
import { signIn, visit, watch } from './people'
import { picture } from './picture'
import { expect, test } from './test'

test.afterAll(() => closeDatabase())

test('a photo that is added to a case is seen there, and a legal hold on it is seen by everybody', async ({
  browser,
}) => {
  test.setTimeout(240_000)
  const open = async (name: string) => {
    const page = await (await browser.newContext()).newPage()
    await signIn(page, name)
    return page
  }
  // A return of its own: at the start of a run there may be no other yet, and others are worked on meanwhile.
  const [unit = ''] = await units('PHOTO', 1, 'venlo')
  const path = `/returns/R${unit}`
  const ines = await open('Inés Carrasco')
  const complaints = watch(ines)
  await visit(ines, path)
  const note = `Left sleeve ${Date.now()}`
  await ines.getByLabel('What it shows (optional)').fill(note)
  await ines
    .getByLabel('Add photos or documents')
    .setInputFiles([
      await picture(ines),
      { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
    ])
  const photo = ines.getByRole('list', { name: 'Photos' }).getByRole('listitem').filter({ hasText: note })
  await expect(photo).toHaveCount(1)
  await expect(photo).toContainText('Inés Carrasco')
  await expect(photo).toContainText('Kept until')
  // Drawn small, from a picture that was made for it; opened, it is the one that is kept.
  const image = photo.getByRole('img')
  await expect.poll(() => image.evaluate((drawn: HTMLImageElement) => drawn.naturalWidth)).toBe(320)
  const small = await ines.request.get((await image.getAttribute('src')) ?? '')
  const whole = await ines.request.get((await photo.getByRole('link').first().getAttribute('href')) ?? '')
  expect([small, whole].map((answer) => answer.headers()['content-type'])).toEqual(['image/webp', 'image/png'])
  expect((await small.body()).length).toBeLessThan((await whole.body()).length / 2)
  // What is neither photo nor document says what it must be, and the photo beside it is kept all the same.
  await expect(ines.getByRole('alert').filter({ hasText: 'This is no photo' })).toBeVisible()
  await expect(ines.getByText(/set and lift legal holds.*Compliance officer, Privacy officer may/)).toBeVisible()
  await expect(photo.getByRole('button', { name: 'Hold' })).toHaveCount(0)

  const hugo = await open('Hugo Martel')
  await visit(hugo, path)
  const same = hugo.getByRole('list', { name: 'Photos' }).getByRole('listitem').filter({ hasText: note })
  await same.getByRole('button', { name: 'Hold' }).click()
  await hugo.getByLabel(/^Why\. Nobody can destroy it/).fill('Case 12 O 34/26')
  await hugo.getByRole('button', { name: 'Hold this photo' }).click()
  await expect(same).toContainText('Legal hold: Case 12 O 34/26')
  await expect(same).toContainText('it is under a legal hold: lift that first')
  await hugo.goto('/settings/retention')
  await expect(hugo.getByRole('region', { name: 'Legal holds' })).toContainText('Case 12 O 34/26')
  await ines.reload()
  await expect(photo).toContainText('Legal hold: Case 12 O 34/26')
  // The refused file is a 415, which a browser writes down.
  expect(complaints.filter((each) => !each.includes('415'))).toEqual([])
})
