/** Widths of the bars and spaces of each symbol of Code 128 (ISO/IEC 15417, table 1), in modules; the last one is the stop. */
export const SYMBOLS =
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112'.split(
    ' ',
  )
const START_B = 104
const START_C = 105
const TO_C = 99
const TO_B = 100
const STOP = 106
/** Clear space that a scanner needs on each side, in modules. */
export const QUIET_ZONE = 10

/**
 * The symbol values of a text in Code 128: set B, and set C where digits come in pairs, check symbol and stop included. Takes printable ASCII;
 * `undefined` for anything else.
 */
export function encode128(text: string): number[] | undefined {
  if (text === '' || !/^[ -~]+$/.test(text)) return undefined
  const values: number[] = []
  let set: 'B' | 'C' | undefined
  let at = 0
  const enter = (next: 'B' | 'C') => {
    if (set === next) return
    values.push(set === undefined ? (next === 'C' ? START_C : START_B) : next === 'C' ? TO_C : TO_B)
    set = next
  }
  while (at < text.length) {
    const digits = /^\d*/.exec(text.slice(at))?.[0].length ?? 0
    // Four digits pay for the change at an end of the text, six in its middle.
    const worth = set === 'C' ? 2 : at === 0 || at + digits === text.length ? 4 : 6
    if (digits >= worth && (set === 'C' || digits % 2 === 0 || at > 0)) {
      if (set !== 'C' && digits % 2 === 1) {
        enter('B')
        values.push(text.charCodeAt(at) - 32)
        at += 1
      }
      enter('C')
      for (let left = Math.floor(digits / 2); left > 0; left--, at += 2) values.push(Number(text.slice(at, at + 2)))
      continue
    }
    enter('B')
    values.push(text.charCodeAt(at) - 32)
    at += 1
  }
  const check = values.reduce((sum, value, index) => sum + value * Math.max(1, index), 0) % 103
  return [...values, check, STOP]
}

/** Dark bars of a text's barcode as [offset, width] in modules from the first bar, and the whole width without quiet zones. */
export function bars128(text: string): { bars: readonly (readonly [number, number])[]; width: number } | undefined {
  const values = encode128(text)
  if (!values) return undefined
  const bars: [number, number][] = []
  let at = 0
  for (const value of values)
    for (const [index, width] of [...(SYMBOLS[value] ?? '')].map(Number).entries()) {
      if (index % 2 === 0) bars.push([at, width])
      at += width
    }
  return { bars, width: at }
}
