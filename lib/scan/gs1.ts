/** What the elements of a GS1 barcode say, by meaning. Elements that nobody here asks for are in `other` by their application identifier. */
export interface Gs1 {
  readonly gtin?: string
  readonly serial?: string
  readonly lot?: string
  readonly sscc?: string
  /** YYYY-MM-DD. */
  readonly expires?: string
  readonly count?: number
  /** The customer's purchase order number. */
  readonly order?: string
  readonly other: Readonly<Record<string, string>>
}

/** FNC1 as scanners transmit it: ASCII group separator. */
const SEPARATOR = '\u001d'
/** Symbology identifiers that announce GS1 data: GS1-128, DataBar, DataMatrix, QR, DotCode. */
const GS1_SYMBOLS = new Set([']C1', ']e0', ']e1', ']d2', ']Q3', ']J1'])
/** Any symbology identifier: `]`, a letter, a digit. */
const SYMBOL = /^\][A-Za-z][0-9A-Za-z]/

/** Length of the data of application identifiers whose length is predefined (GS1 General Specifications, figure 7.8.5-2), by their first two digits. */
const FIXED: Readonly<Record<string, number>> = {
  '00': 18,
  '01': 14,
  '02': 14,
  '03': 14,
  '11': 6,
  '12': 6,
  '13': 6,
  '15': 6,
  '16': 6,
  '17': 6,
  '20': 2,
  '31': 6,
  '32': 6,
  '33': 6,
  '34': 6,
  '35': 6,
  '36': 6,
  '41': 13,
}
/** Digits of an application identifier, by its first two. */
const digitsOf = (two: string): number => {
  if (/^(0[0-3]|1[0-9]|2[0-2]|30|37|9[0-9])$/.test(two)) return 2
  if (/^(31|32|33|34|35|36|39|43|70|71|72|80|81|82)$/.test(two)) return 4
  if (/^(23|24|25|40|41|42)$/.test(two)) return 3
  return 0
}
const LONGEST = 90

/** The check digit of GTIN, SSCC and GLN: weights 3 and 1 from the right. `digits` without it. */
export function checkDigit(digits: string): number {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return (10 - (sum % 10)) % 10
}

const holds = (digits: string): boolean =>
  /^\d+$/.test(digits) && checkDigit(digits.slice(0, -1)) === Number(digits.at(-1))

/** A GTIN of 8, 12, 13 or 14 digits as 14; `undefined` when it is none. */
export function gtin14(text: string): string | undefined {
  return /^(\d{8}|\d{12,14})$/.test(text) && holds(text) ? text.padStart(14, '0') : undefined
}

/** The ways in which one GTIN is written: as 14 digits, and as the shorter forms that its leading zeros allow. */
export const gtinForms = (gtin: string): string[] =>
  [14, 13, 12, 8].flatMap((length) => (/^0*$/.test(gtin.slice(0, 14 - length)) ? [gtin.slice(14 - length)] : []))

/** Without the symbology identifier that a scanner may put in front of everything it reads. */
export const withoutSymbol = (raw: string): string => raw.replace(SYMBOL, '')

/**
 * Reads a GS1 element string: announced by its symbology identifier or FNC1, written in brackets as under a barcode, or unannounced where it
 * can be nothing else (a GTIN or SSCC with a right check digit). `undefined` when it is no GS1 data, or broken.
 */
export function parseGs1(raw: string): Gs1 | undefined {
  const announced = GS1_SYMBOLS.has(raw.slice(0, 3)) || withoutSymbol(raw).startsWith(SEPARATOR)
  const text = afterSeparator(withoutSymbol(raw))
  if (/^\(\d{2,4}\)/.test(text)) return meaning(bracketed(text))
  const plain =
    announced ||
    (/^01\d{14}/.test(text) && text.length > 16 && holds(text.slice(2, 16))) ||
    (/^00\d{18}$/.test(text) && holds(text.slice(2)))
  return plain ? meaning(elements(text)) : undefined
}

const afterSeparator = (text: string): string => (text.startsWith(SEPARATOR) ? text.slice(1) : text)

type Elements = [ai: string, value: string][]

function bracketed(text: string): Elements | undefined {
  const parts = [...text.matchAll(/\((\d{2,4})\)([^(]+)/g)]
  if (parts.map(([whole]) => whole).join('') !== text) return undefined
  return parts.map(([, ai = '', value = '']) => [ai, value.trim()])
}

function elements(text: string): Elements | undefined {
  const found: Elements = []
  let rest = text
  while (rest !== '') {
    const two = rest.slice(0, 2)
    const digits = digitsOf(two)
    const ai = rest.slice(0, digits)
    if (digits === 0 || !/^\d+$/.test(ai) || ai.length < digits) return undefined
    const fixed = FIXED[two]
    const body = rest.slice(digits)
    const end = body.indexOf(SEPARATOR)
    const length = fixed ?? (end < 0 ? body.length : end)
    const value = body.slice(0, length)
    if (value === '' || value.length < (fixed ?? 1) || value.length > LONGEST || value.includes(SEPARATOR))
      return undefined
    found.push([ai, value])
    rest = afterSeparator(body.slice(length))
  }
  return found
}

function meaning(found: Elements | undefined): Gs1 | undefined {
  if (!found || found.length === 0) return undefined
  const by = new Map(found)
  const [gtin, sscc, date] = [by.get('01') ?? by.get('02'), by.get('00'), by.get('17') ?? by.get('15')]
  if ((gtin !== undefined && !holds(gtin)) || (sscc !== undefined && !holds(sscc))) return undefined
  const text = (ai: string, name: string) => {
    const value = by.get(ai)
    return value === undefined ? {} : { [name]: value }
  }
  const expires = date === undefined ? undefined : dateOf(date)
  const count = Number(by.get('37') ?? by.get('30') ?? Number.NaN)
  const known = new Set(['00', '01', '02', '10', '15', '17', '21', '30', '37', '400'])
  return {
    ...(gtin === undefined ? {} : { gtin }),
    ...(sscc === undefined ? {} : { sscc }),
    ...text('21', 'serial'),
    ...text('10', 'lot'),
    ...text('400', 'order'),
    ...(expires === undefined ? {} : { expires }),
    ...(Number.isInteger(count) && count > 0 ? { count } : {}),
    other: Object.fromEntries(found.filter(([ai]) => !known.has(ai))),
  }
}

/** YYMMDD; day 00 is the month's last. Years by GS1's rule: 51 to 99 of them behind, else ahead; for goods of now that is this century. */
function dateOf(text: string): string | undefined {
  const match = /^(\d{2})(\d{2})(\d{2})$/.exec(text)
  if (!match) return undefined
  const [year, month, day] = [2000 + Number(match[1]), Number(match[2]), Number(match[3])]
  if (month < 1 || month > 12 || day > 31) return undefined
  const at = new Date(Date.UTC(year, day === 0 ? month : month - 1, day === 0 ? 0 : day))
  return at.toISOString().slice(0, 10)
}
