import { ON_BOOKS } from './positions'

/** Statuses whose goods lie in return zones, apart from stock that is sold from: what cycle counts of returns are about. */
export const RETURN_ZONES = [
  'received',
  'hold',
  'quarantine',
  'refurbish',
  'vendor',
  'sellable',
  'liquidation',
  'scrap',
] as const

export const isReturnZone = (status: string): boolean => RETURN_ZONES.some((each) => each === status)

/** Whether goods of a status have a value in the books. */
export const isStatusOnBooks = (status: string): boolean => ON_BOOKS.some((each) => each === status)

/** The ways in which two records of one thing are held against each other. */
export const WAYS = ['stock', 'payments', 'ledger', 'receipts'] as const
export type Way = (typeof WAYS)[number]

/** How a difference is ended: by an entry or a stock adjustment that is approved, or by saying in its exception what it was. */
export type Settling = 'entry' | 'adjustment' | 'exception'

interface Kind {
  readonly way: Way
  readonly label: string
  /** What it most likely comes from. */
  readonly guess: string
  readonly settling: Settling
}

/** Every kind of difference that there is, with what it most likely comes from. */
export const DIFFERENCE_KINDS = {
  counted_short: {
    way: 'stock',
    label: 'Fewer than booked',
    guess: 'a piece was moved without a scan, or is missing',
    settling: 'adjustment',
  },
  counted_over: {
    way: 'stock',
    label: 'More than booked',
    guess: 'a receipt was not booked, or a piece is in the wrong zone',
    settling: 'adjustment',
  },
  balance_broken: {
    way: 'stock',
    label: 'Balance is not the sum of its movements',
    guess: 'rows were changed past the program',
    settling: 'exception',
  },
  units_differ: {
    way: 'stock',
    label: 'Balance is not what the units say',
    guess: 'rows were changed past the program',
    settling: 'exception',
  },
  not_reported: {
    way: 'payments',
    label: 'Paid here, not at the provider',
    guess: 'the provider has not done it, or reports it later',
    settling: 'entry',
  },
  not_known: {
    way: 'payments',
    label: 'Paid at the provider, unknown here',
    guess: 'refunded by hand in the provider’s dashboard, or a settlement was never told',
    settling: 'entry',
  },
  paid_there: {
    way: 'payments',
    label: 'Paid at the provider, open here',
    guess: 'the answer of the provider was lost',
    settling: 'entry',
  },
  failed_there: {
    way: 'payments',
    label: 'Paid here, failed at the provider',
    guess: 'the bank sent it back',
    settling: 'entry',
  },
  amount_differs: {
    way: 'payments',
    label: 'Another amount at the provider',
    guess: 'a fee was kept, or it was typed by hand',
    settling: 'entry',
  },
  reported_twice: {
    way: 'payments',
    label: 'Paid more than once at the provider',
    guess: 'it was sent again under another key',
    settling: 'entry',
  },
  over_captured: {
    way: 'payments',
    label: 'More given back than captured',
    guess: 'a duplicate credit, or a chargeback after a refund',
    settling: 'exception',
  },
  payment_differs: {
    way: 'payments',
    label: 'Payment is not the sum of its settlements',
    guess: 'rows were changed past the program',
    settling: 'exception',
  },
  control_differs: {
    way: 'ledger',
    label: 'Control account is not its sub-ledger',
    guess: 'an entry was posted by hand, or rows were changed past the program',
    settling: 'entry',
  },
  received_short: {
    way: 'receipts',
    label: 'Fewer came than were expected',
    guess: 'the customer kept a piece, or it is still on its way',
    settling: 'exception',
  },
  received_over: {
    way: 'receipts',
    label: 'More came than were expected',
    guess: 'a second return in the same parcel',
    settling: 'exception',
  },
  unmatched: {
    way: 'receipts',
    label: 'Received without a return',
    guess: 'a parcel without a label',
    settling: 'exception',
  },
  summary_differs: {
    way: 'receipts',
    label: 'The 3PL reports another number',
    guess: 'a receipt was booked on another day, or not told',
    settling: 'exception',
  },
} as const satisfies Record<string, Kind>

export type DifferenceKind = keyof typeof DIFFERENCE_KINDS

/** One thing on which two records do not agree: an amount in 1/10,000 of `currency`, or a number of pieces where that is ''. */
export interface Difference {
  /** Its name, made of what it is about: the same difference tomorrow has the same. */
  readonly key: string
  readonly kind: DifferenceKind
  /** What it is about, as a person reads it. */
  readonly title: string
  readonly ours: bigint
  readonly theirs: bigint
  readonly currency: string
  readonly entity: string
  readonly facility: string
  readonly since: Date | null
  /** What the rows behind it are found by. */
  readonly refs: Readonly<Record<string, string>>
}

/** Two totals that must be one, of one unit. */
export interface Tie {
  readonly label: string
  readonly ours: bigint
  readonly theirs: bigint
  readonly currency: string
}

export const wayOf = ({ kind }: Pick<Difference, 'kind'>): Way => DIFFERENCE_KINDS[kind].way
export const sizeOf = ({ ours, theirs }: Pick<Difference, 'ours' | 'theirs'>): bigint => ours - theirs

/**
 * Accounts that a difference may be booked against. Control accounts are not among them: what they agree with would then be wrong instead.
 */
export const SETTLING_ACCOUNTS = [
  'suspense',
  'inventory_adjustments',
  'inventory_write_off',
  'inventory_write_down',
  'cost_of_sales',
  'returns_and_allowances',
  'vendor_recovery',
  'claims_written_off',
  'return_costs.payment_fee',
  'opening_balances',
] as const

export const isSettlingAccount = (account: string): boolean => SETTLING_ACCOUNTS.some((each) => each === account)
