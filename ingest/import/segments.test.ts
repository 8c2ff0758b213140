import fc from 'fast-check'
import { expect, test } from 'vitest'
import { segmentsOf } from './segments'

const text = fc
  .array(fc.string({ maxLength: 12 }).map((line) => line.replaceAll('\n', ' ')))
  .map((lines) => lines.join('\n'))

/** Cuts bytes at random places, as a disk or a decompressor would. */
const pieces = (bytes: Buffer, cuts: readonly number[]) => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

const linesOf = (content: string) => (content.endsWith('\n') ? content.slice(0, -1) : content).split('\n')

test('segments are the lines of the input, whole and in order, however it comes and however many are skipped', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.array(fc.nat(500), { maxLength: 20 }),
      fc.nat(12),
      fc.integer({ min: 1, max: 40 }),
      async (content, cuts, skip, target) => {
        const found: string[] = []
        let lines = 0
        for await (const segment of segmentsOf(pieces(Buffer.from(content), cuts), skip, target)) {
          found.push(Buffer.from(segment.bytes).toString())
          lines += segment.lines
        }
        const left = content === '' ? [] : linesOf(content).slice(skip)
        const said = found.join('')
        expect(said === '' ? [] : linesOf(said)).toEqual(said === '' && left.join('') === '' ? [] : left)
        expect(lines).toBe(said === '' ? 0 : left.length)
        for (const each of found.slice(0, -1)) expect(each.endsWith('\n')).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})
