import fc from 'fast-check'
import { expect, test } from 'vitest'
import { scanValue, sliceArray, sliceLines } from './scan'

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/)
const text = fc
  .tuple(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom(0, 1, 2, '\t'))
  .map(([value, indent]) => JSON.stringify(value, null, indent))

test('an array is cut into exactly the texts that it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(space, text, space)), space, space, (elements, before, after) => {
      const inside = elements.map((parts) => parts.join('')).join(',')
      const bytes = Buffer.from(`${before}[${inside}]${after}`)
      const slices = sliceArray(bytes, 1000)
      expect(slices?.map(({ start, end }) => bytes.subarray(start, end).toString())).toEqual(
        elements.map(([, each]) => each),
      )
    }),
  )
})

test('lines are cut into exactly the texts that they were made of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue().map((value) => JSON.stringify(value))),
      fc.constantFrom('\n', '\r\n', '\n\n'),
      (lines, end) => {
        const bytes = Buffer.from(lines.join(end))
        expect(sliceLines(bytes, 1000).map((each) => bytes.subarray(each.start, each.end).toString())).toEqual(lines)
      },
    ),
  )
})

const pairsIn = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : Object.values(value).reduce<number>(
        (sum, each) => sum + pairsIn(each),
        Array.isArray(value) ? 0 : Object.keys(value).length,
      )

test('pairs are counted as a parser would', () => {
  fc.assert(
    fc.property(text, (json) => {
      expect(scanValue(Buffer.from(json), 0, Buffer.byteLength(json)).pairs).toBe(pairsIn(JSON.parse(json)))
    }),
  )
})

/** Elements are cut leniently (`[1 2]` has one, which is no JSON); the array itself must be whole. */
test.each(['', '[', '[1', '[1,', '[1,]', '[,1]', '[1]]', '[1] x', '{}', '"[]"', '[{"a":"]]"', '[{"a":1]', ']'])(
  '%j is no whole array',
  (json) => {
    expect(sliceArray(Buffer.from(json), 10)).toBeUndefined()
  },
)

test('what hides in the spelling is found', () => {
  const look = (json: string) => scanValue(Buffer.from(json), 0, Buffer.byteLength(json))
  expect(look('{"a":[[{}]]}')).toMatchObject({ depth: 4, unicodeEscape: false, escapedName: false, longNumber: false })
  expect(look('{"a":"\\u0041"}')).toMatchObject({ unicodeEscape: true, escapedName: false })
  expect(look('{"\\u0041":1}')).toMatchObject({ unicodeEscape: true, escapedName: true })
  expect(look('{"a":"\\"b\\":1"}')).toMatchObject({ pairs: 1, escapedName: false })
  expect(look('{"a":12345678901234567}')).toMatchObject({ longNumber: true })
  expect(look('{"a":"12345678901234567"}')).toMatchObject({ longNumber: false })
  expect(look('{"a":-0.123456789012345}')).toMatchObject({ longNumber: true })
})

test('a slicing stops soon after its limit', () => {
  expect(sliceArray(Buffer.from(`[${'1,'.repeat(99)}1]`), 10)).toHaveLength(11)
  expect(sliceLines(Buffer.from('1\n'.repeat(99)), 10)).toHaveLength(11)
})
