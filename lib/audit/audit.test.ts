import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockHash, GENESIS } from './block'
import { canonicalJson } from './entry'
import { inclusionProof, merkleRoot, rootOf } from './merkle'

const leaf = (text: string) =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(Buffer.from(text, 'hex'))
    .digest()
/** The leaves of the reference log of RFC 6962's implementation. */
const REFERENCE = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(leaf)

describe('RFC 6962', () => {
  it('has the known roots', () => {
    expect(merkleRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(merkleRoot(REFERENCE.slice(0, 1)).toString('hex')).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
    expect(merkleRoot(REFERENCE.slice(0, 2)).toString('hex')).toBe(
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    )
    expect(merkleRoot(REFERENCE).toString('hex')).toBe(
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    )
  })

  it('proves every leaf, and no other leaf and no other place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (size, place, other) => {
        const leaves = Array.from({ length: size }, (_, i) => leaf(i.toString(16).padStart(4, '0')))
        const [index, wrong] = [place % size, other % size]
        const path = inclusionProof(leaves, index)
        const [own, else_] = [leaves[index], leaves[wrong]]
        if (!own || !else_) throw new Error('no leaf')
        expect(rootOf(own, index, size, path)?.equals(merkleRoot(leaves))).toBe(true)
        if (wrong !== index) {
          expect(rootOf(else_, index, size, path)?.equals(merkleRoot(leaves)) ?? false).toBe(false)
          expect(rootOf(own, wrong, size, path)?.equals(merkleRoot(leaves)) ?? false).toBe(false)
        }
      }),
    )
  })
})

describe('RFC 8785', () => {
  it('has the known forms', () => {
    expect(
      canonicalJson({
        numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 1e-27],
        string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    expect(
      canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u0080': 5, '\u00f6': 6, '\ud83d\ude00': 7 }),
    ).toBe('{"\\r":2,"1":4,"\u0080":5,"ö":6,"€":1,"😀":7,"\ufb33":3}')
  })

  it('is one form, whatever order the keys came in, and is read back as the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it('refuses what JSON cannot hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n, () => 1])
      expect(() => canonicalJson(value)).toThrow(TypeError)
  })
})

it('a block’s hash depends on each of its fields', () => {
  const block = { n: 2n, previous: GENESIS, root: leaf('00'), count: 3, size: 9n, firstAt: 5, lastAt: 7 }
  const hashes = [
    block,
    { ...block, n: 3n },
    { ...block, previous: leaf('01') },
    { ...block, root: leaf('01') },
    { ...block, count: 4 },
    { ...block, size: 10n },
    { ...block, firstAt: 6 },
    { ...block, lastAt: 8 },
  ].map((each) => blockHash(each).toString('hex'))
  expect(new Set(hashes).size).toBe(hashes.length)
})
