/** What a customer has bought of one item in one invoice line, and how much of it has not come back. */
export interface Purchase {
  /** Number of the line in the file: the order of purchases. */
  readonly line: number
  /** Milliseconds. */
  readonly at: number
  left: number
}

/** A part of a credited quantity, and the purchase that it belongs to. */
export interface Share {
  readonly purchase: Purchase
  readonly quantity: number
}

/**
 * Finds the purchases that a credit note takes back, by customer and item: the file does not say. The most recent earlier purchase of which
 * at least the whole quantity is left; without one, as much as is left of each, newest first. What remains then belongs to no purchase.
 */
export class Purchases {
  private readonly byBuyer = new Map<string, Purchase[]>()

  add(customer: string, sku: string, purchase: Purchase): void {
    const key = `${customer} ${sku}`
    const known = this.byBuyer.get(key)
    if (known) known.push(purchase)
    else this.byBuyer.set(key, [purchase])
  }

  /** Takes `quantity` out of what the customer bought before `line`. */
  take(customer: string, sku: string, quantity: number): { shares: Share[]; rest: number } {
    const newestFirst = (this.byBuyer.get(`${customer} ${sku}`) ?? []).toReversed()
    const enough = newestFirst.find(({ left }) => left >= quantity)
    const shares: Share[] = []
    let rest = quantity
    for (const purchase of enough ? [enough] : newestFirst) {
      const part = Math.min(purchase.left, rest)
      if (part === 0) continue
      purchase.left -= part
      rest -= part
      shares.push({ purchase, quantity: part })
    }
    return { shares, rest }
  }
}
