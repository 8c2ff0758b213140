import type { CategoryId } from './channels'
import { SPIKE } from './story'

/** A supplier and its return agreement: the share of cost it takes back, the days to claim within, the smallest claim. */
export interface Supplier {
  id: string
  name: string
  country: string
  currency: string
  category: CategoryId
  coverage: number
  windowDays: number
  minimumClaim: number
}

/** category | name | country | currency | coverage | window | minimum */
const TABLE = `
apparel|Estrela Têxtil|PT|EUR|0.8|90|0
apparel|Minho Knitwear|PT|EUR|0.75|60|50
apparel|Anadolu Dokuma|TR|EUR|0.7|60|0
apparel|Kaveri Garments|IN|USD|0.6|90|0
apparel|Padma Denim Works|BD|USD|0.5|45|0
apparel|Lodz Sewing Cooperative|PL|PLN|0.9|120|0
apparel|Baltic Wool|LT|EUR|0.8|90|0
apparel|Red River Apparel|VN|USD|0|0|0
apparel|Sierra Outerwear|PT|EUR|0.85|90|0
footwear|Calzados Vera|ES|EUR|0.8|90|0
footwear|Marche Suole|IT|EUR|0.85|120|0
footwear|Norrland Skofabrik|SE|EUR|0.75|90|0
footwear|Mekong Footwear|VN|USD|0.6|60|100
footwear|Fujian Stride|CN|USD|0.5|45|0
footwear|Porto Sole|PT|EUR|0|0|0
electronics|Lumen Audio|CN|USD|1|120|0
electronics|Shenzhen Brightline|CN|USD|0.8|60|0
electronics|Taipei Circuit House|TW|USD|0.9|180|0
electronics|Hanover Appliances|DE|EUR|1|180|0
electronics|Veld Instruments|NL|EUR|0.9|90|0
electronics|Pearl Delta Devices|CN|USD|0.6|30|150
electronics|Gyeonggi Display|KR|USD|0.95|120|0
electronics|Kite Peripherals|CN|USD|0|0|0
electronics|Oresund Sound|DK|EUR|0.85|90|0
home|Jutland Woodcraft|DK|EUR|0.9|120|0
home|Bohemia Glass|CZ|EUR|0.8|60|0
home|Casa Lume|IT|EUR|0.75|90|0
home|Podlasie Furniture|PL|PLN|0.9|120|100
home|Anhui Homeware|CN|USD|0.5|45|0
home|Jaipur Textiles|IN|USD|0.6|60|0
home|Lancashire Linen|GB|GBP|0.8|90|0
home|Gothenburg Kitchens|SE|EUR|0.85|120|0
home|Ceramica Duero|ES|EUR|0|0|0
beauty|Grasse Botanica|FR|EUR|0.9|60|0
beauty|Rhein Kosmetik|DE|EUR|0.9|90|0
beauty|Seoul Dew Lab|KR|USD|0.7|45|0
beauty|Provence Savon|FR|EUR|0.8|60|0
beauty|Thames Apothecary|GB|GBP|0.75|60|0
beauty|Zuiderzee Naturals|NL|EUR|0|0|0
beauty|Carolina Botanics|US|USD|0.7|60|0`

const plain = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')

const CATEGORY_OF: Record<string, CategoryId> = {
  apparel: 'apparel',
  footwear: 'footwear',
  electronics: 'electronics',
  home: 'home',
  beauty: 'beauty',
}

export const SUPPLIERS: Supplier[] = TABLE.trim()
  .split('\n')
  .map((row) => {
    const [category = '', name = '', country = '', currency = '', coverage = '', window = '', minimum = ''] =
      row.split('|')
    return {
      id: plain(name),
      name,
      country,
      currency,
      category: CATEGORY_OF[category] ?? 'home',
      coverage: Number(coverage),
      windowDays: Number(window),
      minimumClaim: Number(minimum),
    }
  })

export const supplierOf = (id: string): Supplier => {
  const supplier = SUPPLIERS.find((row) => row.id === id)
  if (!supplier) throw new Error(`no supplier ${id}`)
  return supplier
}

/** The supplier whose lot goes wrong. */
export const SPIKE_SUPPLIER = supplierOf(SPIKE.supplier)
