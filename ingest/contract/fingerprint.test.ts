import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson } from './canonical'
import { hashOf, sameContent } from './fingerprint'

test('the hash is the first 32 bits of SHA-256 of the UTF-8 bytes, unsigned', () => {
  expect(hashOf('abc')).toBe(0xba7816bf)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const expected = createHash('sha256').update(text).digest().readUInt32BE(0)
      expect(hashOf(text)).toBe(expected)
      expect(hashOf(Buffer.from(text))).toBe(expected)
    }),
  )
})

test('the same content in another spelling is the same', () => {
  expect(sameContent('{"a":1,"b":[1.50,"é"]}', Buffer.from('{ "b" : [1.5, "\\u00e9"],\n"a":1e0 }'))).toBe(true)
  expect(sameContent('{"a":1}', '{"a":"1"}')).toBe(false)
  expect(sameContent('{"a":[1,2]}', '{"a":[2,1]}')).toBe(false)
})

test('null says what a name that is left out says, but in an array it is an element', () => {
  expect(sameContent('{"a":null,"b":{"c":[{"d":null,"e":1}]}}', '{"b":{"c":[{"e":1}]}}')).toBe(true)
  expect(sameContent('{"a":null}', '{"a":""}')).toBe(false)
  expect(sameContent('{"a":null}', '{"a":{}}')).toBe(false)
  expect(sameContent('{"a":[null]}', '{"a":[]}')).toBe(false)
})

const reverse = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(reverse)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, each]) => [name, reverse(each)]),
        )
      : value

test('canonical JSON ignores the order of names and nothing else', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      expect(canonicalJson(reverse(one))).toBe(canonicalJson(one))
      expect(canonicalJson(JSON.parse(canonicalJson(one)))).toBe(canonicalJson(one))
      const equal = canonicalJson(one) === canonicalJson(other)
      expect(equal).toBe(
        canonicalJson(JSON.parse(JSON.stringify(one))) === canonicalJson(JSON.parse(JSON.stringify(other))),
      )
    }),
  )
})
