import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spoolCsv } from './csv'
import { csvField, csvLine } from './csv-line'

async function* pages<T>(...list: T[]) {
  yield* list
}

describe('CSV', () => {
  it.each([
    ['=1+1', `"'=1+1"`],
    ['+49 30 1234', `"'+49 30 1234"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['-2+3', `"'-2+3"`],
    ['\t=1', `"'\t=1"`],
    ['＝1', `"'＝1"`],
  ])('makes the formula %j text', (text, field) => {
    expect(csvField(text)).toBe(field)
  })

  it.each([
    ['-19695.1200', '-19695.1200'],
    [-0.0000001, '-0.0000001'],
    [1e21, '1000000000000000000000'],
    [0.128, '0.128'],
    [null, ''],
    [Number.NaN, ''],
  ])('keeps %j a number', (value, field) => {
    expect(csvField(value)).toBe(field)
  })

  it('reads back as it was written', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/^[\s\u00a0]*[=+\-@\t\r＝＋－＠]/.test(value))
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 6 }), (values) => {
        const [read] = parse(csvLine(values), { relax_column_count: true }) as string[][]
        expect(read).toEqual(values)
      }),
    )
  })

  it('writes head, columns and every row, and sends nothing of an export that breaks off', async () => {
    const spool = await spoolCsv(
      ['a', 'b'],
      pages<[string, number | null][]>(
        [['x', 1]],
        [
          ['y', 2],
          ['z', null],
        ],
      ),
    )
    const text = await new Response(spool.stream([['Rows', spool.count]])).text()
    expect(text).toBe('Rows,3\r\n\r\na,b\r\nx,1\r\ny,2\r\nz,\r\n')
    const broken = async function* () {
      yield [['x', 1]]
      throw new Error('the server went away')
    }
    await expect(spoolCsv(['a', 'b'], broken())).rejects.toThrow('went away')
  })
})
