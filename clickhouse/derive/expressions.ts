/** Small pieces of SQL that every derivation shares. Integer money: 1/10,000; rates: 1/10^10 (docs/facts.md, section 1). */

export const RATE_SCALE = '10000000000'
export const FAR = "toDateTime64('2100-01-01 00:00:00', 3, 'UTC')"
export const NEVER = "toDateTime64(0, 3, 'UTC')"
/** Order of events of one thing: latest = argMax by this, earliest = argMin. */
export const ORDER = '(time, sequence, source, id)'

/** Integer division to the nearest, ties to even; in Int128. `divisor` must be positive. Give it plain columns: it repeats its operands. */
export const halfEven = (dividend: string, divisor: string): string => {
  const quotient = `intDiv(${dividend}, ${divisor})`
  const twice = `abs(${dividend} % ${divisor}) * 2`
  return `toInt64(${quotient} + if(${twice} > ${divisor} OR (${twice} = ${divisor} AND ${quotient} % 2 != 0), sign(${dividend}), 0))`
}

/** Amount in the reporting currency, rounded once, half to even. */
export const convert = (amount: string, rate: string): string =>
  `toInt64(intDiv(roundBankers(toInt128(${amount}) * (${rate}), -10), ${RATE_SCALE}))`

/** `amount` × a share in 1/10,000. */
export const share = (amount: string, tenThousandths: string): string =>
  `toInt64(intDiv(roundBankers(toInt128(${amount}) * (${tenThousandths}), -4), 10000))`

/**
 * The standard code that a source's own means: itself where it is one of ours, '' where it is not said or nobody has given it a meaning.
 * `code` and `source` are columns.
 */
export const ourCode = (list: string, code: string, source: string, ours: readonly string[]): string =>
  `if(${code} IN ('', ${ours.map((each) => `'${each}'`).join(', ')}), toString(${code}), joinGet('code_ref', 'code', toString(${source}), '${list}', toString(${code})))`

/**
 * Rate of a currency on the UTC day of an instant. `fx_daily` is dense between its first and last day (parameters `fx_from`, `fx_to`);
 * days outside take the nearest of these two.
 */
export const rate = (currency: string, at: string): string =>
  `if(${currency} IN ('', {reporting:String}), ${RATE_SCALE}, joinGet('fx_daily', 'rate', toString(${currency}), greatest({fx_from:Date}, least({fx_to:Date}, toDate(${at})))))`
