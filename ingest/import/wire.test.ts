import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wireLine } from '../relay/send'
import { Wire } from './wire'

test('the lines are those that the relay sends', () => {
  const line = fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.string())
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), fc.array(line), (batch, lines) => {
      // Room for less than there is, so that it has to grow.
      const wire = new Wire(batch, 1)
      for (const [at, hash, text] of lines) {
        const bytes = Buffer.from(`<${text}>`)
        wire.add(at, hash, bytes, 1, bytes.length - 1)
      }
      expect(Buffer.from(wire.take()).toString()).toBe(
        lines.map(([at, hash, text]) => wireLine(batch, at, hash, text)).join(''),
      )
    }),
  )
})
