import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BurstReader } from './burst'
import { bars128, encode128, SYMBOLS } from './code128'
import { barcodeOf, COMMAND_CODES, commandIn } from './command-codes'
import { checkDigit, gtin14, gtinForms, parseGs1 } from './gs1'
import { readScan } from './read-scan'

const GS = '\u001d'

describe('GS1 by application identifier', () => {
  it('reads GTIN, serial, lot and date in any order', () => {
    expect(parseGs1(`]d20104006381333931` + `17270531` + `10LOT7${GS}21SN42`)).toEqual({
      gtin: '04006381333931',
      expires: '2027-05-31',
      lot: 'LOT7',
      serial: 'SN42',
      other: {},
    })
    expect(parseGs1(`${GS}21SN42${GS}0104006381333931`)).toMatchObject({ gtin: '04006381333931', serial: 'SN42' })
    expect(parseGs1('(01)04006381333931(21)SN42')).toMatchObject({ gtin: '04006381333931', serial: 'SN42' })
    expect(parseGs1(']C100340123450000000017')).toMatchObject({ sscc: '340123450000000017' })
    expect(parseGs1(`]C1400PO-77${GS}3712`)).toMatchObject({ order: 'PO-77', count: 12 })
    expect(parseGs1(']C1310300125091internal')).toMatchObject({ other: { '3103': '001250', '91': 'internal' } })
  })

  it('takes unannounced data only where it can be nothing else', () => {
    expect(parseGs1('010400638133393121SN42')).toMatchObject({ gtin: '04006381333931', serial: 'SN42' })
    expect(parseGs1('010400638133393221SN42')).toBeUndefined()
    expect(parseGs1('0104006381333931')).toBeUndefined()
    expect(parseGs1('1234567890')).toBeUndefined()
    expect(parseGs1('RMA-2026-004217')).toBeUndefined()
  })

  it('refuses what is announced and broken', () => {
    for (const broken of [']C1', ']C101', ']C10104006381333932', ']C15599', ']d2(01)', '(01)04006381333931x(99'])
      expect(parseGs1(broken)).toBeUndefined()
  })

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(...'0123456789ABab()-]C', GS) }), (text) => {
        parseGs1(text)
        readScan(text)
      }),
      { numRuns: 5000 },
    )
  })

  it('knows check digits and the forms of a GTIN', () => {
    expect(checkDigit('400638133393')).toBe(1)
    expect(gtin14('4006381333931')).toBe('04006381333931')
    expect(gtin14('4006381333932')).toBeUndefined()
    expect(gtinForms('04006381333931')).toEqual(['04006381333931', '4006381333931'])
    expect(gtinForms('00000096385074')).toEqual(['00000096385074', '0000096385074', '000096385074', '96385074'])
  })
})

describe('what one scan is', () => {
  it('knows commands, whatever the capitals', () => {
    for (const { code } of COMMAND_CODES) {
      expect(commandIn(barcodeOf(code).toLowerCase())).toBe(code)
      expect(readScan(barcodeOf(code))).toEqual({ kind: 'command', command: code })
    }
  })

  it('gives the text to look up, and what its shape says', () => {
    expect(readScan(']C0RMA-2026-004217')).toMatchObject({ kind: 'code', text: 'RMA-2026-004217', gtin: null })
    expect(readScan(' 4006381333931 ')).toMatchObject({ text: '4006381333931', gtin: '04006381333931' })
    expect(readScan(']C100340123450000000017')).toMatchObject({ sscc: '340123450000000017' })
    expect(readScan('  ')).toBeUndefined()
  })
})

/** Types at a pace; returns scans and the keys that reached the page. */
function type(reader: BurstReader, keys: readonly string[], gap: number, from = 0) {
  const scans: string[] = []
  const reached: string[] = []
  let at = from
  for (const key of keys) {
    at += gap
    const verdict = reader.key(key, at)
    reached.push(...verdict.release)
    if (verdict.scan !== undefined) scans.push(verdict.scan)
    if (!verdict.hold) reached.push(key)
  }
  reached.push(...reader.idle(at + 60))
  return { scans, reached, at }
}

describe('a scanner or a person', () => {
  it('takes a burst whole: no key of it reaches the page', () => {
    expect(type(new BurstReader(), [...'4006381333931', 'Enter'], 4)).toMatchObject({
      scans: ['4006381333931'],
      reached: [],
    })
    expect(type(new BurstReader(), [...'AB 12', 'Tab'], 4)).toMatchObject({ scans: ['AB 12'], reached: [] })
  })

  it('gives a person every key, in order', () => {
    const keys = [...'hello b', 'Enter', 'Backspace', 'a', 'Tab']
    expect(type(new BurstReader(), keys, 120)).toMatchObject({ scans: [], reached: keys })
  })

  it('drops a burst that has no end, and keeps short ones for the page', () => {
    expect(type(new BurstReader(), [...'4006381'], 4)).toMatchObject({ scans: [], reached: [] })
    expect(type(new BurstReader(), [...'abc', 'Enter'], 4)).toMatchObject({ scans: [], reached: [...'abc', 'Enter'] })
  })

  it('takes a scan that follows a key of a person, and any number of scans', () => {
    const reader = new BurstReader()
    const { at } = type(reader, ['b'], 100)
    expect(type(reader, [...'12345', 'Enter', ...'67890', 'Enter'], 3, at + 100)).toMatchObject({
      scans: ['12345', '67890'],
    })
  })

  it('keeps a scan whole on a machine that was too busy to hear it in time', () => {
    const reader = new BurstReader()
    reader.key('4', 1000)
    expect(reader.idle(Number.POSITIVE_INFINITY)).toEqual(['4'])
    expect(type(reader, [...'006381', 'Enter'], 4, 1000)).toMatchObject({ scans: ['4006381'], reached: [] })
    // The same late key of a person is not taken for a scan's.
    reader.key('b', 5000)
    expect(reader.idle(Number.POSITIVE_INFINITY)).toEqual(['b'])
    expect(type(reader, [...'12345', 'Enter'], 4, 5200)).toMatchObject({ scans: ['12345'], reached: [] })
  })

  it('however often the page stood still within a scan: the scan is whole, and no key reaches the page twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...'0123456789ABCxyz-/]'), fc.boolean()), { minLength: 4, maxLength: 30 }),
        (keys) => {
          const reader = new BurstReader()
          const reached: string[] = []
          for (const [index, [key, stalls]] of keys.entries()) {
            reached.push(...reader.key(key, 1000 + index * 4).release)
            if (stalls) reached.push(...reader.idle(Number.POSITIVE_INFINITY))
          }
          const code = keys.map(([key]) => key)
          expect(reader.key('Enter', 1000 + keys.length * 4)).toEqual({ hold: true, scan: code.join(''), release: [] })
          expect(reached.length).toBeLessThan(4)
          expect(reached).toEqual(code.slice(0, reached.length))
        },
      ),
    )
  })

  it('whatever is scanned after whatever was typed: the scan is whole', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 30, unit: fc.constantFrom(...'0123456789ABCxyz-/]') }),
        fc.integer({ min: 0, max: 45 }),
        (code, gap) => {
          const { scans, reached } = type(new BurstReader(), [...code, 'Enter'], gap)
          expect(scans).toEqual([code])
          expect(reached).toEqual([])
        },
      ),
    )
  })
})

describe('Code 128', () => {
  it('encodes the known answer', () => {
    // "PJJ123C": values 48 42 42 17 18 19 35 in sets A and B alike; with start B the check symbol is 879 mod 103.
    expect(encode128('PJJ123C')).toEqual([104, 48, 42, 42, 17, 18, 19, 35, 55, 106])
    // Digits in pairs: start C, 12 34 56, check (105 + 12 + 68 + 168) mod 103.
    expect(encode128('123456')).toEqual([105, 12, 34, 56, 44, 106])
    // RMA-2026- in set B, then 00 42 17 in set C: the weighted sum is 2715.
    expect(encode128('RMA-2026-004217')).toEqual([104, 50, 45, 33, 13, 18, 16, 18, 22, 13, 99, 0, 42, 17, 37, 106])
    expect(encode128('AB\n')).toBeUndefined()
  })

  it('has 107 symbols, all different, 11 modules wide with an even number of dark ones', () => {
    expect(new Set(SYMBOLS).size).toBe(107)
    for (const symbol of SYMBOLS.slice(0, -1)) {
      const widths = [...symbol].map(Number)
      expect(widths.reduce((sum, width) => sum + width, 0)).toBe(11)
      expect(widths.reduce((sum, width, index) => sum + (index % 2 === 0 ? width : 0), 0) % 2).toBe(0)
    }
    expect(SYMBOLS.at(-1)).toBe('2331112')
  })

  it('draws every symbol 11 modules wide, and the stop 13', () => {
    const drawn = bars128('Wikipedia')
    expect(drawn?.width).toBe(11 * 11 + 13)
    // Start B is 2 bar, 1 space, 1 bar, 2 space, 1 bar, 4 space; W is 3 bar.
    expect(drawn?.bars.slice(0, 4)).toEqual([
      [0, 2],
      [3, 1],
      [6, 1],
      [11, 3],
    ])
  })

  it('reads back what it wrote, for any text', () => {
    fc.assert(
      fc.property(
        fc.string({
          minLength: 1,
          maxLength: 40,
          unit: fc.constantFrom(...'0123456789', ...'0123456789', ...'ABCabc-_/ ~'),
        }),
        (text) => {
          expect(decode(encode128(text) ?? [])).toBe(text)
        },
      ),
    )
  })
})

/** A reader of the symbol values, written from the standard and not from the writer. */
function decode(values: readonly number[]): string {
  const [start = 0, ...rest] = values.slice(0, -2)
  let set = start === 105 ? 'C' : 'B'
  let text = ''
  for (const value of rest) {
    if (value === 99 && set === 'B') set = 'C'
    else if (value === 100 && set === 'C') set = 'B'
    else text += set === 'C' ? String(value).padStart(2, '0') : String.fromCharCode(value + 32)
  }
  const sum = values.slice(1, -2).reduce((total, value, index) => total + value * (index + 1), start)
  if (sum % 103 !== values.at(-2)) throw new Error('check symbol')
  return text
}
