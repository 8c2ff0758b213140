import type { CategoryId } from './channels'

/** The words of which product names are made: a line, a thing with its price range in euros, a colour or variant. All invented. */
export interface NameParts {
  lines: string[]
  /** name | lowest price | highest price | bulky (1 = goes back by freight) */
  things: [string, number, number, 0 | 1][]
  variants: string[]
  brands: string[]
  sizes: string[]
  products: number
}

export const NAMES: Record<CategoryId, NameParts> = {
  apparel: {
    lines: [
      'Alder',
      'Linden',
      'Harbour',
      'Marlow',
      'Wren',
      'Juniper',
      'Saltmarsh',
      'Thistle',
      'Ember',
      'Fenn',
      'Clove',
      'Tarn',
    ],
    things: [
      ['Crew Tee', 16, 29, 0],
      ['Merino Jumper', 55, 95, 0],
      ['Overshirt', 48, 79, 0],
      ['Linen Shirt', 39, 65, 0],
      ['Slim Chinos', 42, 69, 0],
      ['Straight Jeans', 55, 99, 0],
      ['Wrap Dress', 52, 98, 0],
      ['Midi Skirt', 38, 69, 0],
      ['Puffer Jacket', 99, 189, 0],
      ['Rain Parka', 89, 159, 0],
      ['Fleece Hoodie', 45, 79, 0],
      ['Lounge Set', 39, 72, 0],
    ],
    variants: ['Black', 'Navy', 'Sage', 'Ecru', 'Rust', 'Slate'],
    brands: ['Harrow & Vale', 'Nord Atelier', 'Common Thread'],
    sizes: ['XS', 'S', 'M', 'L', 'XL', 'XXL'],
    products: 140,
  },
  footwear: {
    lines: ['Kestrel', 'Dune', 'Moor', 'Canyon', 'Quay', 'Birch', 'Lido', 'Ridge'],
    things: [
      ['Trail Runner', 89, 139, 0],
      ['Court Sneaker', 65, 110, 0],
      ['Chelsea Boot', 109, 179, 0],
      ['Derby', 99, 169, 0],
      ['Slip-on', 45, 75, 0],
      ['Sandal', 39, 69, 0],
      ['Winter Boot', 119, 199, 0],
    ],
    variants: ['Black', 'White', 'Tan', 'Olive', 'Grey'],
    brands: ['Calder', 'Strada', 'Bergen Shoe Co.'],
    sizes: ['36', '37', '38', '39', '40', '41', '42', '43', '44', '45'],
    products: 76,
  },
  electronics: {
    lines: ['Nimbus', 'Pulse', 'Orbit', 'Vireo', 'Halo', 'Quartz', 'Tempo', 'Polar', 'Signal', 'Cobalt'],
    things: [
      ['Wireless Earbuds', 49, 129, 0],
      ['Over-ear Headphones', 79, 249, 0],
      ['Smart Watch', 119, 279, 0],
      ['Bluetooth Speaker', 39, 149, 0],
      ['Mechanical Keyboard', 69, 139, 0],
      ['USB-C Dock', 59, 129, 0],
      ['Webcam', 45, 99, 0],
      ['Portable Projector', 189, 399, 0],
      ['Air Purifier', 99, 229, 1],
      ['Espresso Machine', 149, 389, 1],
      ['Robot Vacuum', 179, 429, 1],
      ['Electric Toothbrush', 39, 99, 0],
    ],
    variants: ['Black', 'White', 'Graphite', 'Mk II'],
    brands: ['Lumen', 'Brightline', 'Veld', 'Oresund'],
    sizes: [''],
    products: 420,
  },
  home: {
    lines: ['Aske', 'Solvang', 'Fjord', 'Maple', 'Oslo', 'Terra', 'Loft', 'Meadow', 'Bothnia', 'Casa'],
    things: [
      ['Table Lamp', 29, 89, 0],
      ['Linen Duvet Cover', 59, 139, 0],
      ['Wool Throw', 45, 99, 0],
      ['Dinner Plates, set of 4', 29, 69, 0],
      ['Cast-iron Pan', 39, 99, 0],
      ['Storage Basket', 15, 39, 0],
      ['Wall Mirror', 49, 149, 1],
      ['Side Table', 59, 159, 1],
      ['Desk Chair', 99, 249, 1],
      ['Bookshelf', 89, 229, 1],
      ['Curtains, pair', 35, 89, 0],
      ['Bath Towels, set of 2', 22, 49, 0],
    ],
    variants: ['Oak', 'Walnut', 'White', 'Charcoal', 'Clay'],
    brands: ['Hjem & Co', 'Atelier Lume', 'Bothnia Living'],
    sizes: [''],
    products: 500,
  },
  beauty: {
    lines: ['Dew', 'Calendula', 'Sea Mineral', 'Rosehip', 'Oat', 'Amber', 'Cypress', 'Cloudberry', 'Neroli'],
    things: [
      ['Face Serum', 19, 49, 0],
      ['Day Cream', 15, 42, 0],
      ['Cleansing Balm', 14, 32, 0],
      ['Body Lotion', 9, 24, 0],
      ['Shampoo', 8, 19, 0],
      ['Eau de Parfum', 39, 95, 0],
      ['Lip Tint', 9, 22, 0],
      ['Sun Cream SPF 50', 12, 29, 0],
      ['Hand Soap', 6, 14, 0],
    ],
    variants: ['Original', 'Sensitive', 'Rich'],
    brands: ['Botanica', 'Dew Lab', 'Thames Apothecary'],
    sizes: ['30 ml', '50 ml', '200 ml'],
    products: 140,
  },
}
