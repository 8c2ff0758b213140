/**
 * The account of the Online Retail data a second time, in another shape: each buyer's dealings in an item by themselves, in plain loops,
 * from the rules of docs/import.md and not from the mapping's code. Money in 1/1,000 GBP, which is what the file needs.
 */
interface Line {
  no: number
  invoice: string
  code: string
  qty: number
  at: number
  month: string
  price: number
  buyer: string
  land: string
}

/** Of the sales of an item, a country or a month: how many, and how many of them came back. */
interface Cohort {
  sold: number
  returned: number
}

const FEES = /^(POST|DOT|C2|M|D|S|BANK CHARGES|AMAZONFEE|CRUK|B|GIFT_0001_.*)$/
const LANDS =
  'Australia AU,Austria AT,Bahrain BH,Belgium BE,Brazil BR,Canada CA,Channel Islands JE,Cyprus CY,Czech Republic CZ,Denmark DK,EIRE IE,European Community EU,Finland FI,France FR,Germany DE,Greece GR,Hong Kong HK,Iceland IS,Israel IL,Italy IT,Japan JP,Lebanon LB,Lithuania LT,Malta MT,Netherlands NL,Norway NO,Poland PL,Portugal PT,RSA ZA,Saudi Arabia SA,Singapore SG,Spain ES,Sweden SE,Switzerland CH,USA US,United Arab Emirates AE,United Kingdom GB'
const iso = new Map(LANDS.split(',').map((each) => [each.slice(0, -3), each.slice(-2)]))
/** British summer time of the two years, in local time. */
const summer = (local: string) => local >= '2011-03-27 01' && local < '2011-10-30 02'

export function recount(csv: string) {
  const lines: Line[] = []
  const texts = new Map<string, Set<string>>()
  const notes = { withoutCustomer: 0, repeated: 0, withoutCountry: 0 }
  for (const [no, text] of csv.trimEnd().split(/\r?\n/).slice(1).entries()) {
    const [invoice = '', code = '', , qty = '', local = '', price = '', buyer = '', land = ''] = [
      ...text.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g),
    ].map(([, cell = '']) => cell)
    const known = texts.get(invoice) ?? new Set()
    if (known.has(text)) notes.repeated++
    texts.set(invoice, known.add(text))
    if (!buyer) notes.withoutCustomer++
    if (!iso.has(land)) notes.withoutCountry++
    const at = Date.parse(`${local.replace(' ', 'T')}${summer(local) ? '+01:00' : 'Z'}`)
    const month = `${local.slice(0, 7)}-01`
    lines.push({
      no,
      invoice,
      code: code.toUpperCase(),
      qty: Number(qty),
      at,
      month,
      price: Math.round(Number(price) * 1000),
      buyer,
      land: iso.get(land) ?? '',
    })
  }

  const priced = new Set(lines.filter(({ price }) => price !== 0).map(({ invoice }) => invoice))
  const fate: string[] = []
  const cut = new Map<number, number>()
  const dealings = new Map<string, Line[]>()
  const back: { sku: string; has_sale: number; units: number }[] = []
  /** What came back of each sale. */
  const came = new Map<number, number>()
  for (const line of lines) {
    const { no, invoice, code, qty, price, buyer } = line
    const fee = FEES.test(code)
    if (invoice[0] === 'C') fate[no] = fee ? 'credited_non_goods' : 'unmatched_anonymous'
    else if (qty < 0) fate[no] = 'removed'
    else if (price > 0) fate[no] = fee ? 'sold_non_goods' : 'sold'
    else if (fee || price < 0) fate[no] = 'other_non_goods'
    else fate[no] = buyer === '' && !priced.has(invoice) ? 'found' : 'free'
    if (fate[no] !== 'sold' && fate[no] !== 'unmatched_anonymous') continue
    if (buyer) dealings.set(`${buyer}|${code}`, [...(dealings.get(`${buyer}|${code}`) ?? []), line])
    else if (qty < 0) back.push({ sku: code, has_sale: 0, units: -qty })
  }
  for (const dealing of dealings.values()) {
    const left = dealing.map(({ qty }) => Math.max(qty, 0))
    for (const [n, { no, qty, at, code }] of dealing.entries()) {
      if (qty > 0) continue
      let open = -qty
      let soon = 0
      let late = 0
      const whole = left.findLastIndex((rest, m) => m < n && rest >= open)
      for (let m = whole >= 0 ? whole : n - 1; m >= 0 && open > 0; m--) {
        const part = Math.min(left[m] ?? 0, open)
        left[m] = (left[m] ?? 0) - part
        open -= part
        const sale = dealing[m]
        if (!sale || part === 0) continue
        if (at - sale.at > 86_400_000) {
          late += part
          came.set(sale.no, (came.get(sale.no) ?? 0) + part)
        } else {
          soon += part
          cut.set(sale.no, (cut.get(sale.no) ?? 0) + part)
        }
      }
      if (late > 0) back.push({ sku: code, has_sale: 1, units: late })
      if (open > 0) back.push({ sku: code, has_sale: 0, units: open })
      if (soon > 0) fate[no] = late + open > 0 ? 'correction_and_return' : 'correction'
      else fate[no] = late === 0 ? 'unmatched' : open > 0 ? 'returned_in_part' : 'returned'
    }
  }
  for (const [no, part] of cut) fate[no] = part === lines[no]?.qty ? 'cancelled' : 'reduced'

  const fates: Record<string, { lines: number; units: number; value: string }> = {}
  const sums = new Map<string, number>()
  const sold = new Map<string, number>()
  const cohorts = {
    sku: new Map<string, Cohort>(),
    country: new Map<string, Cohort>(),
    month: new Map<string, Cohort>(),
  }
  for (const { no, code, qty, price, land, month } of lines) {
    const name = fate[no] ?? ''
    const before = fates[name] ?? { lines: 0, units: 0, value: '' }
    const value = (sums.get(name) ?? 0) + Math.abs(qty) * price
    sums.set(name, value)
    const text = `${value < 0 ? '-' : ''}${Math.trunc(Math.abs(value) / 1000)}.${String(Math.abs(value) % 1000).padStart(3, '0')}0`
    fates[name] = { lines: before.lines + 1, units: before.units + Math.abs(qty), value: text }
    if (name !== 'sold' && name !== 'reduced') continue
    const units = qty - (cut.get(no) ?? 0)
    sold.set(`${land}|${month}`, (sold.get(`${land}|${month}`) ?? 0) + units)
    for (const [of, value] of [
      [cohorts.sku, code],
      [cohorts.country, land],
      [cohorts.month, month],
    ] as const) {
      const { sold: all, returned } = of.get(value) ?? { sold: 0, returned: 0 }
      of.set(value, { sold: all + units, returned: returned + (came.get(no) ?? 0) })
    }
  }
  const bySku = new Map<string, number>()
  for (const { sku, has_sale, units } of back)
    bySku.set(`${sku}|${has_sale}`, (bySku.get(`${sku}|${has_sale}`) ?? 0) + units)
  const split = (sums: Map<string, number>) =>
    [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, units]) => ({ key: key.split('|'), units }))
  return {
    fates,
    notes,
    sold: split(sold).map(({ key: [country, month], units }) => ({ country, month, units })),
    cohorts,
    returned: split(bySku).map(({ key: [sku, has], units }) => ({ sku, has_sale: Number(has), units })),
  }
}
