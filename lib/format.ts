/**
 * Words for numbers. Made on the server only, with the reader's locale and zone, so that server and browser never differ;
 * a client component gets finished text. Minus is U+2212, a narrow no-break space stands before % and units, and nothing
 * that has no value is shown as zero: it is a dash.
 */
export type Unit = 'count' | 'money' | 'ratio' | 'days' | 'ppm'
/** As in a query's answer: money as a decimal string, the rest as numbers; null where there is no denominator. */
export type Quantity = string | number | null | undefined

export interface Profile {
  /** BCP 47. */
  locale: string
  /** IANA zone. */
  tz: string
  /** Reporting currency, ISO 4217. */
  currency: string
}

export const NONE = '–'
/** U+202F, narrow no-break space. */
const THIN = '\u202f'

const isNumeric = (text: string): text is `${number}` => text.trim() !== '' && Number.isFinite(Number(text))

/** A hyphen is a hyphen and a minus a minus; and a percent sign stands off its number. */
const typeset = (text: string): string => text.replaceAll('-', '\u2212').replace(/[\s\u00a0\u202f]*%/, `${THIN}%`)

/** The number as Intl wants it: strings stay strings, so that no digit of an amount is lost. */
const numeric = (value: Quantity): number | `${number}` | undefined => {
  if (value === null || value === undefined) return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  return isNumeric(value) ? value : undefined
}

/** For positions in a chart and for sorting only, never for a figure that is shown. */
export const magnitude = (value: Quantity): number | null => {
  const known = numeric(value)
  return known === undefined ? null : Number(known)
}

export type Formatter = ReturnType<typeof formatter>

const made = new Map<string, Formatter>()

/** The formatter of a profile; kept, because making Intl objects is slow. */
export function formatFor(profile: Profile): Formatter {
  const key = `${profile.locale}|${profile.tz}|${profile.currency}`
  const known = made.get(key)
  if (known) return known
  const fresh = formatter(profile)
  if (made.size > 200) made.clear()
  made.set(key, fresh)
  return fresh
}

function formatter({ locale, tz, currency }: Profile) {
  const number = (options: Intl.NumberFormatOptions) => {
    const format = new Intl.NumberFormat(locale, options)
    return (value: Quantity): string => {
      const known = numeric(value)
      return known === undefined ? NONE : typeset(format.format(known))
    }
  }
  const calendar = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' })
    return (day: string): string => format.format(new Date(`${day}T00:00:00Z`))
  }
  const clock = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: tz })
    return (instant: string | Date): string => format.format(typeof instant === 'string' ? new Date(instant) : instant)
  }
  const year = clock({ year: 'numeric' })
  const date = clock({ year: 'numeric', month: 'numeric', day: 'numeric' })
  const money = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const
  const compact = { notation: 'compact', maximumSignificantDigits: 3 } as const
  const one = { minimumFractionDigits: 1, maximumFractionDigits: 1 } as const
  const always = { signDisplay: 'exceptZero' } as const

  const count = number({ maximumFractionDigits: 0 })
  const decimal = number(one)
  const percent = number({ style: 'percent', ...one })
  const points = number({ style: 'percent', ...one })
  const points2 = number({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2, ...always })
  const exactMoney = number({ ...money, minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const wholeMoney = number({ ...money, minimumFractionDigits: 0, maximumFractionDigits: 0 })
  const compactMoney = number({ ...money, ...compact })
  const compactCount = number(compact)
  const range = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
  const bare = (text: string): string => text.replace(/[\s\u00a0\u202f]*%/, '')

  return {
    locale,
    tz,
    currency,
    count,
    decimal,
    percent,
    /** A difference of two ratios, in percentage points, without sign: "1.1 pp". */
    points: (value: Quantity) => `${bare(points(value))}${THIN}pp`,
    /** For a column headed "pp": signed, two places, "+0.38". */
    signedPoints: (value: Quantity) => bare(points2(value)),
    /** For a column headed "%": "12.8". */
    percentCell: (value: Quantity) => bare(percent(value)),
    days: (value: Quantity) => (magnitude(value) === null ? NONE : `${decimal(value)}${THIN}d`),
    money: exactMoney,
    wholeMoney,
    compactMoney,
    /** A number of a list: whole where it is whole, at most four places. */
    plain: number({ maximumFractionDigits: 4 }),
    /** For a column headed with the currency: "−19,695". */
    amountCell: number({ maximumFractionDigits: 0 }),
    exactAmountCell: number({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    signedPercent: number({ style: 'percent', ...one, ...always }),
    signedMoney: number({ ...money, ...compact, ...always }),

    /** As large as a tile shows it: short, at most three digits that matter. */
    brief(value: Quantity, unit: Unit): string {
      if (unit === 'money') return compactMoney(value)
      if (unit === 'ratio') return percent(value)
      if (unit === 'days') return this.days(value)
      return Math.abs(magnitude(value) ?? 0) < 100_000 ? count(value) : compactCount(value)
    },
    /** With every digit that counts. */
    exact(value: Quantity, unit: Unit): string {
      if (unit === 'money') return exactMoney(value)
      if (unit === 'ratio')
        return number({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 })(value)
      if (unit === 'days') return this.days(value)
      return count(value)
    },
    /** The size of a change, without its sign: the arrow and the word say the direction. */
    step(change: Quantity, unit: Unit): string {
      const size = typeof change === 'string' ? change.replace(/^-/, '') : Math.abs(magnitude(change) ?? 0)
      return unit === 'ratio' ? this.points(size) : this.brief(size, unit)
    },

    /** "5 Oct", of a calendar day YYYY-MM-DD. */
    day: calendar({ day: 'numeric', month: 'short' }),
    dayYear: calendar({ day: 'numeric', month: 'short', year: 'numeric' }),
    month: calendar({ month: 'short', year: 'numeric' }),
    /** "24 Aug – 22 Nov 2026", of `[from, to)`. */
    range(from: string, to: string): string {
      const last = new Date(Date.parse(`${to}T00:00:00Z`) - 86_400_000)
      return range.formatRange(new Date(`${from}T00:00:00Z`), last).replaceAll('\u2009', ' ')
    },
    /** In the reader's zone: "14:02:11". */
    time: clock({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    /** How far something reaches: today's clock, and of another day its day too: "14:02:11", "27 Nov, 14:02". */
    reach(instant: string, now: Date = new Date()): string {
      return date(instant) === date(now) ? this.time(instant) : this.moment(instant, now)
    },
    minute: clock({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    /** As a list shows it: the minute, and with it the year where it is not the present one. */
    moment(instant: string, now: Date = new Date()): string {
      return year(instant) === year(now) ? this.minute(instant) : this.dated(instant)
    },
    dated: clock({ day: 'numeric', month: 'short', year: 'numeric' }),
    instant: clock({
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  }
}

/** A code as words: "too_small" is "Too small"; what is not known says so. */
export function humanize(code: string | number | null | undefined): string {
  if (code === null || code === undefined || code === '') return 'Unknown'
  const text = String(code).replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** How large a file is, as people say it: "312 kB", "4.1 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
