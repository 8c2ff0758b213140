import { CATEGORIES, type CategoryId } from './channels'
import { Random, Weighted } from './prng'
import { NAMES } from './product-names'
import { SMALL_FAMILY, SPIKE } from './story'
import { SPIKE_SUPPLIER, SUPPLIERS, type Supplier } from './suppliers'

export interface Product {
  id: string
  name: string
  brand: string
  category: CategoryId
  supplier: Supplier
  /** Consumer price with tax and cost, in euro cents. */
  price: number
  cost: number
  bulky: boolean
  weight: number
  /** How much more or less often it comes back than its category. */
  returns: number
  /** Sizes run small. */
  small: boolean
  /** The product whose lot goes wrong. */
  spike: boolean
  /** Days before today from which its quality is worse; 0 = never. */
  worseFrom: number
  sizes: string[]
}
export interface Sku {
  id: string
  product: Product
  size: string
  /** Place in its product's sizes, and in the whole catalogue. */
  sizeIndex: number
  index: number
}

export interface Catalogue {
  products: Product[]
  skus: Sku[]
  draw: Record<CategoryId, Weighted<Product>>
  skusOf: Map<Product, Sku[]>
}

const PREFIX: Record<CategoryId, string> = {
  apparel: 'AP',
  footwear: 'FW',
  electronics: 'EL',
  home: 'HM',
  beauty: 'BE',
}
/** How sizes sell, from the smallest on. */
const CURVES: Record<number, number[]> = {
  1: [1],
  3: [40, 42, 18],
  6: [8, 19, 27, 24, 14, 8],
  10: [4, 7, 11, 13, 14, 14, 14, 12, 7, 4],
}
const COST_SHARE: Record<CategoryId, [number, number]> = {
  apparel: [0.26, 0.38],
  footwear: [0.32, 0.44],
  electronics: [0.46, 0.62],
  home: [0.34, 0.48],
  beauty: [0.22, 0.36],
}

/** About 3,000 SKUs of some 1,300 products, the same for every seed's whole history. */
export function makeCatalogue(seed: number): Catalogue {
  const products = CATEGORIES.flatMap((category) => productsOf(seed, category))
  const skus: Sku[] = []
  const skusOf = new Map<Product, Sku[]>()
  for (const product of products) {
    const own = product.sizes.map((size, sizeIndex): Sku => {
      const suffix = size === '' ? '' : `-${size.replace(' ml', '')}`
      return { id: `${product.id}${suffix}`, product, size, sizeIndex, index: skus.length + sizeIndex }
    })
    skus.push(...own)
    skusOf.set(product, own)
  }
  const draw = (category: CategoryId) =>
    new Weighted(
      products.filter((product) => product.category === category),
      (product) => product.weight,
    )
  return {
    products,
    skus,
    skusOf,
    draw: {
      apparel: draw('apparel'),
      footwear: draw('footwear'),
      electronics: draw('electronics'),
      home: draw('home'),
      beauty: draw('beauty'),
    },
  }
}

function productsOf(seed: number, category: CategoryId): Product[] {
  const parts = NAMES[category]
  const suppliers = SUPPLIERS.filter((supplier) => supplier.category === category)
  const others = suppliers.filter((supplier) => supplier !== SPIKE_SUPPLIER)
  const products: Product[] = []
  const taken = new Set<string>()
  for (let index = 0; products.length < parts.products; index++) {
    const random = new Random(seed, 21, PREFIX[category].charCodeAt(0), index)
    const thing = random.of(parts.things)
    const name = `${random.of(parts.lines)} ${thing[0]}, ${random.of(parts.variants)}`
    if (taken.has(name)) continue
    taken.add(name)
    const number = products.length
    const price = Math.floor(random.between(thing[1], thing[2])) * 100 + (random.chance(0.5) ? 99 : 90)
    products.push({
      id: `${PREFIX[category]}-${1001 + number * 3}`,
      name,
      brand: random.of(parts.brands),
      category,
      // The supplier of the bad lot makes few other things, so that its figures show it.
      supplier: number % 30 === 4 ? random.of(suppliers) : random.of(others),
      price,
      cost: Math.round(price * random.between(...COST_SHARE[category])),
      bulky: thing[3] === 1,
      // A few sell much, most sell little.
      weight: 1 / (number + 6) ** 0.72,
      returns: Math.exp(0.26 * random.normal() - 0.034),
      small: false,
      spike: false,
      worseFrom: random.chance(0.03) ? random.int(40, 420) : 0,
      sizes: parts.sizes,
    })
  }
  if (category === 'electronics') addSpike(products)
  if (category === 'footwear') addSmallFamily(products)
  return products
}

/** A best seller among the electronics comes from the supplier whose lot goes wrong. */
function addSpike(products: Product[]): void {
  const product = products[1]
  if (!product) return
  Object.assign(product, {
    name: `${SPIKE.product}, Black`,
    brand: 'Aurora',
    supplier: SPIKE_SUPPLIER,
    price: 12_990,
    cost: 6_450,
    bulky: false,
    returns: 1,
    worseFrom: 0,
    spike: true,
    weight: product.weight * 4,
  } satisfies Partial<Product>)
}

/** Four shoes of one family are cut too narrow: most of what comes back is too small. */
function addSmallFamily(products: Product[]): void {
  const things = ['Trail Runner, Black', 'Trail Runner, Olive', 'Winter Boot, Tan', 'Hiker, Grey']
  things.forEach((thing, index) => {
    const product = products[2 + index * 3]
    if (!product) return
    Object.assign(product, {
      name: `${SMALL_FAMILY.name} ${thing}`,
      brand: SMALL_FAMILY.brand,
      returns: 2.2,
      small: true,
      worseFrom: 0,
      weight: product.weight * 1.6,
    } satisfies Partial<Product>)
  })
}

/** Draws sizes of a product as customers buy them. */
const sizeCurves = new Map<number, Weighted<number>>()
export function drawSize(skus: readonly Sku[], random: Random): Sku {
  const first = skus[0]
  if (!first) throw new Error('a product has at least one SKU')
  if (skus.length === 1) return first
  let curve = sizeCurves.get(skus.length)
  if (!curve) {
    const weights = CURVES[skus.length] ?? skus.map(() => 1)
    curve = new Weighted(
      weights.map((_, index) => index),
      (index) => weights[index] ?? 1,
    )
    sizeCurves.set(skus.length, curve)
  }
  return skus[curve.draw(random)] ?? first
}
