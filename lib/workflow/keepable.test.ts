import { describe, expect, it } from 'vitest'
import { unkeepable } from './keepable'

describe('a text that PostgreSQL cannot keep', () => {
  it.each([
    [{ comment: 'a\u0000b' }, 'comment'],
    [{ lines: [{ note: 'fine' }, { note: '\ud83d' }] }, 'lines.1.note'],
    [{ cells: { 'a\u0000': 1 } }, 'cells'],
    ['\u0000', ''],
  ])('is found in %j', (input, path) => expect(unkeepable(input)).toBe(path))

  it.each([[{ comment: 'Größe 👟\n', amount: '1.00', none: null, many: 12n }], ['plain'], [undefined]])(
    'is not in %s',
    (input) => expect(unkeepable(input)).toBeUndefined(),
  )
})
