/** The duties of the whole operation, as far as roles give them: those of a case, and those on its rules, its people and its machines. */
export const ROLE_DUTIES = [
  'request',
  'receive',
  'inspect',
  'dispose',
  'approve_refund',
  'pay',
  'adjust_request',
  'adjust_approve',
  'prepare_journal',
  'approve_journal',
  'policy',
  'users',
  'integrations',
] as const
export type RoleDuty = (typeof ROLE_DUTIES)[number]

export const ROLE_DUTY_WORDS: Readonly<Record<RoleDuty, string>> = {
  request: 'Ask for returns and refunds',
  receive: 'Receive',
  inspect: 'Inspect',
  dispose: 'Decide what becomes of goods',
  approve_refund: 'Approve refunds',
  pay: 'Work payments',
  adjust_request: 'Ask for stock adjustments',
  adjust_approve: 'Approve stock adjustments and write-offs',
  prepare_journal: 'Prepare entries',
  approve_journal: 'Approve entries, close periods',
  policy: 'Change policies',
  users: 'Manage people',
  integrations: 'Manage sources and keys',
}

/**
 * How two duties of one person go together (reliability.md §7.2). `never`: no person holds both, unless somebody else watches over it for a limited
 * time; `case`: one person may hold both and does not do both on one case, which the database sees to (duties.ts); `review`: allowed, and looked at.
 */
export type Exclusion = 'never' | 'case' | 'review'

const LETTERS = { X: 'never', D: 'case', M: 'review' } as const

/** Row by row the duties after the row's own, in the order of ROLE_DUTIES. */
const MATRIX: readonly string[] = [
  'DDDXXMMXXXXX', // request
  'DDXXMXXXXXX', // receive
  'DXXMXXXXXX', // inspect
  'XXDXXXXXX', // dispose
  'XXXXDXXX', // approve_refund
  'XXXXXXX', // pay
  'XXXXXX', // adjust_request
  'XXXXX', // adjust_approve
  'XXXX', // prepare_journal
  'MXX', // approve_journal
  'XX', // policy
  'M', // users
  '', // integrations
]

/** How these two duties go together; undefined for one and the same. */
export function exclusionOf(a: RoleDuty, b: RoleDuty): Exclusion | undefined {
  const [first, second] = [ROLE_DUTIES.indexOf(a), ROLE_DUTIES.indexOf(b)].toSorted((x, y) => x - y)
  const letter = MATRIX[first ?? 0]?.[(second ?? 0) - (first ?? 0) - 1]
  return letter === 'X' || letter === 'D' || letter === 'M' ? LETTERS[letter] : undefined
}

/** Somebody else watches over two duties that one person should not hold together, for this long at most. */
export const LONGEST_MITIGATION_DAYS = 90
