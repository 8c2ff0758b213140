/** A kind of exception: who decides it, how soon, and the outcomes that it can have. */
export interface ExceptionKindDefinition {
  readonly label: string
  /** A role of lib/auth/permissions. */
  readonly owner: string
  readonly severity: 'low' | 'medium' | 'high'
  /** Days until it is overdue. */
  readonly days: number
  /** Coded outcomes; every one of them ends it. */
  readonly resolutions: readonly string[]
}

const kind = (
  label: string,
  owner: string,
  severity: ExceptionKindDefinition['severity'],
  days: number,
  ...resolutions: string[]
): ExceptionKindDefinition => ({ label, owner, severity, days, resolutions })

/** Everything that can need a person's decision. Pages, commands, automation and the documentation read this table. */
export const EXCEPTION_KINDS = {
  quantity_mismatch: kind(
    'Quantity differs',
    'warehouse_manager',
    'medium',
    3,
    'recounted',
    'customer_confirmed',
    'accepted_short',
    'accepted_over',
  ),
  short_receipt: kind(
    'Fewer came than expected',
    'warehouse_manager',
    'medium',
    3,
    'recounted',
    'customer_confirmed',
    'accepted_short',
    'carrier_claim',
  ),
  over_receipt: kind(
    'More came than expected',
    'warehouse_manager',
    'medium',
    3,
    'recounted',
    'accepted_over',
    'returned_to_customer',
  ),
  wrong_item: kind(
    'Another item came',
    'cs_agent',
    'high',
    2,
    'customer_contacted',
    'returned_to_customer',
    'accepted',
  ),
  missing_accessory: kind(
    'Accessory missing',
    'inspector',
    'low',
    4,
    'deduction_applied',
    'sourced_from_stock',
    'accepted',
  ),
  serial_conflict: kind(
    'Serial does not match',
    'cs_agent',
    'high',
    2,
    'refund_refused',
    'customer_contacted',
    'accepted',
  ),
  repeated_abuse: kind('Repeated returns', 'cs_agent', 'high', 5, 'customer_blocked', 'watch_list', 'accepted'),
  unmatched_receipt: kind(
    'Received without a return',
    'warehouse_manager',
    'medium',
    5,
    'matched_to_order',
    'kept_as_found',
    'returned_to_customer',
  ),
  over_credit: kind(
    'Credited too much',
    'accountant',
    'high',
    4,
    'accepted',
    'recovered_from_customer',
    'clawed_back_next_order',
  ),
  duplicate_credit: kind(
    'Credited twice',
    'accountant',
    'high',
    4,
    'recovered_from_customer',
    'chargeback_contested',
    'written_off',
    'accepted',
  ),
  late_shipment: kind('Parcel is late', 'cs_agent', 'low', 7, 'arrived', 'traced_with_carrier', 'declared_lost'),
  lost_shipment: kind('Parcel is lost', 'cs_agent', 'medium', 10, 'carrier_claim', 'written_off', 'found'),
  backlog_over_limit: kind(
    'Backlog over the limit',
    'warehouse_manager',
    'medium',
    2,
    'staff_added',
    'rerouted',
    'accepted',
  ),
  unmapped_code: kind('Code without a meaning', 'integration_admin', 'low', 3, 'mapped', 'ignored'),
  contradiction: kind(
    'Told otherwise than it stands here',
    'warehouse_manager',
    'high',
    2,
    'ours_is_right',
    'theirs_is_right',
    'corrected',
  ),
  waiting_predecessor: kind(
    'An earlier step is missing',
    'warehouse_manager',
    'medium',
    1,
    'arrived',
    'sent_again',
    'accepted',
  ),
  forbidden_disposition: kind(
    'Sent where its goods may not go',
    'compliance_officer',
    'high',
    1,
    'recalled_to_quarantine',
    'destroyed',
    'documented',
  ),
  payment_unknown: kind('Payment without an answer', 'accountant', 'high', 1, 'paid', 'not_paid'),
  payment_failed: kind('Payment failed', 'accountant', 'high', 2, 'paid_otherwise', 'retried', 'rejected'),
  stock_difference: kind(
    'Counted otherwise than booked',
    'inventory_controller',
    'medium',
    5,
    'recounted',
    'adjusted',
    'explained',
  ),
  reconciliation_difference: kind(
    'Books do not agree',
    'accountant',
    'high',
    5,
    'settled_by_entry',
    'explained',
    'timing',
  ),
  claim_window_ending: kind('Claim window ends', 'vendor_recovery', 'medium', 3, 'claimed', 'let_go'),
  fee_waiver: kind('Fee to be waived', 'cs_agent', 'low', 1, 'approved', 'refused'),
  policy_override: kind('Against the policy', 'cs_agent', 'medium', 1, 'approved', 'refused'),
} as const satisfies Record<string, ExceptionKindDefinition>

export type ExceptionKind = keyof typeof EXCEPTION_KINDS
export const EXCEPTION_KIND_NAMES = Object.keys(EXCEPTION_KINDS) as ExceptionKind[]
export const isExceptionKind = (value: string): value is ExceptionKind => Object.hasOwn(EXCEPTION_KINDS, value)

/** What a kind means; one that outside systems named and that is not in the table is treated as a plain question. */
export const exceptionKind = (name: string): ExceptionKindDefinition =>
  isExceptionKind(name) ? EXCEPTION_KINDS[name] : kind(name.replaceAll('_', ' '), 'cs_agent', 'medium', 3, 'settled')
