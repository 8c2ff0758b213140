/** An order line that a thing without a return may belong to. */
export interface MatchSuggestion {
  readonly orderLineId: string
  readonly orderId: string
  /** The return and unit that wait for it, where there are. */
  readonly rmaId: string | null
  readonly unitId: string | null
  readonly sku: string
  readonly name: string
  readonly quantity: number
  /** 0 to 100. */
  readonly score: number
  /** Why it may be this one, in words. */
  readonly because: readonly string[]
  /** What one piece was sold for, a decimal text, in `currency`. */
  readonly value: string
  readonly currency: string
  readonly soldAt: string
}

/** A unit as a station shows it; times are words in the facility's zone. */
export interface StationUnit {
  readonly id: string
  readonly rmaId: string | null
  readonly orderId: string
  readonly sku: string
  readonly name: string
  readonly size: string
  readonly category: string
  readonly quantity: number
  readonly status: string
  readonly reason: string
  readonly comment: string
  readonly condition: string
  readonly finding: string
  readonly disposition: string
  readonly facility: string
  /** The label of its goods class, where it has rules of its own. */
  readonly restricted: string | null
  /** What has to be written down of it. */
  readonly needsSerial: boolean
  readonly needsLot: boolean
  /** Whether it can be received now, and whether it can be inspected now; else why not. */
  readonly receive: string | null
  readonly inspect: string | null
  /** "09:41 by Jo Verhoeven", once it is here. */
  readonly received: string | null
  readonly inspected: string | null
  readonly late: boolean
}

/** What one scanned or typed code is. */
export interface Lookup {
  readonly kind: 'rma' | 'order' | 'unit' | 'serial' | 'tracking' | 'item' | 'unknown'
  readonly code: string
  readonly rmaId: string | null
  /** Every unit of the returns that the code leads to. */
  readonly units: readonly StationUnit[]
  /** The units that the code itself names. */
  readonly named: readonly string[]
  /** The item, when the code is a SKU or a GTIN. */
  readonly item: { readonly sku: string; readonly name: string } | null
  readonly serial: string | null
  readonly lot: string | null
}

/** What an inspector or a lead is asked to take next. */
export interface NextUnit {
  readonly unit: StationUnit
  /** "€ 240.00 × 3.2 days here × the refund waits for it". */
  readonly reason: string
  readonly proposal: StationProposal | null
}

export interface StationProposal {
  readonly disposition: string
  readonly stage: 'interim' | 'final'
  readonly row: string
  readonly note: string
  readonly allowed: readonly string[]
  readonly version: number
}

export interface Queue {
  readonly next: NextUnit | null
  readonly waiting: number
}

/** The head of a station: where, who, and how the day goes. */
export interface Station {
  readonly facility: { readonly id: string; readonly name: string; readonly tz: string }
  readonly facilities: readonly { readonly id: string; readonly name: string }[]
  readonly shift: string
  readonly person: { readonly id: string; readonly name: string }
  /** Units that this person has done here since midnight. */
  readonly today: number
  readonly expectedToday: number
}
