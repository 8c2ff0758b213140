/** What a figure of a task counts, for the words beside it. */
export type CloseFigure = 'events' | 'approvals' | 'differences' | 'exceptions' | 'cents' | 'controls' | 'entries'

export interface CloseTask {
  readonly id: string
  readonly title: string
  /** What is looked at, for whoever signs. */
  readonly looks: string
  /** Who signs it. */
  readonly owner: 'accountant' | 'controller'
  readonly counts: CloseFigure
  /** Tasks that must be signed before. */
  readonly after: readonly string[]
  /** Whether it may be signed whatever the figure is: it is something to be read, not something to be zero. */
  readonly reads?: boolean
}

/** The checklist of a period's close, in its order. A task is signed on a figure, never as a tick; all of them, and the period can be closed. */
export const CLOSE_TASKS = [
  {
    id: 'events',
    title: 'Everything told has been applied',
    looks: 'Events of outside systems and imports that have not been applied to the cases yet.',
    owner: 'accountant',
    counts: 'events',
    after: [],
  },
  {
    id: 'approvals',
    title: 'No entry of the period waits for an answer',
    looks: 'Manual entries and settling entries of the period that nobody has approved or rejected.',
    owner: 'accountant',
    counts: 'approvals',
    after: [],
  },
  {
    id: 'payments',
    title: 'Settlements agree with payments',
    looks:
      'Differences between what was settled, what providers report and what was captured, that nobody has dealt with.',
    owner: 'accountant',
    counts: 'differences',
    after: ['events'],
  },
  {
    id: 'stock',
    title: 'Stock agrees with counts',
    looks:
      'Differences between the stock ledger, its movements, its units and the cycle counts, that nobody has dealt with.',
    owner: 'accountant',
    counts: 'differences',
    after: ['events'],
  },
  {
    id: 'receipts',
    title: 'Returns agree with receipts',
    looks:
      'Units that came short, over, or without a return, and 3PL summaries that say otherwise, that nobody has dealt with.',
    owner: 'accountant',
    counts: 'differences',
    after: ['events'],
  },
  {
    id: 'ledger',
    title: 'Control accounts are their sub-ledgers',
    looks: 'Inventory by status, refunds payable, store credit and claims receivable against their accounts.',
    owner: 'accountant',
    counts: 'differences',
    after: ['payments', 'stock'],
  },
  {
    id: 'trial_balance',
    title: 'The trial balance is zero',
    looks: 'All debits less all credits up to the end of the period, in every currency.',
    owner: 'accountant',
    counts: 'cents',
    after: ['ledger'],
  },
  {
    id: 'exceptions',
    title: 'No overdue exception of finance',
    looks: 'Exceptions that accountants or controllers own, raised in or before the period and past their due time.',
    owner: 'accountant',
    counts: 'exceptions',
    after: [],
  },
  {
    id: 'controls',
    title: 'Every control holds',
    looks: 'The invariants of the controls page, each looked at since the period ended or within the last day.',
    owner: 'controller',
    counts: 'controls',
    after: ['trial_balance'],
  },
  {
    id: 'manual',
    title: 'Manual entries have been read',
    looks: 'Entries of the period that people wrote. Whoever prepared one of them does not sign.',
    owner: 'controller',
    counts: 'entries',
    after: ['approvals', 'trial_balance'],
    reads: true,
  },
] as const satisfies readonly CloseTask[]

export type CloseTaskId = (typeof CLOSE_TASKS)[number]['id']

export const closeTask = (id: string): CloseTask | undefined => CLOSE_TASKS.find((each) => each.id === id)
