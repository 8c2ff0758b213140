import type { ReplacementState } from './exchange'

/** A settlement as far as the table below asks about it. */
export interface SettlementState {
  readonly kind: string
  readonly state: string
  /** Told by an outside system and never decided here. */
  readonly external: boolean
  readonly replacement: ReplacementState | null
  /** What we said to a chargeback. */
  readonly answer: 'accepted' | 'disputed' | null
  /** Store credit that its customer holds, in 1/10,000. */
  readonly held: bigint
  /** Documents of its case that a bank can be shown. */
  readonly documents: number
}

/** What must hold of a settlement beside its state, each with the words that say what is missing. */
const NEEDS = {
  ours: [({ external }: SettlementState) => !external, 'It was decided and told by an outside system.'],
  not_sent: [
    ({ replacement }: SettlementState) => replacement !== 'ordered' && replacement !== 'shipped',
    'Its replacement is ordered or shipped: cancel the replacement first.',
  ],
  cancellable: [
    ({ replacement }: SettlementState) => replacement === 'reserved' || replacement === 'ordered',
    'Its replacement is shipped or cancelled.',
  ],
  unanswered: [({ answer }: SettlementState) => answer === null, 'It is answered already.'],
  not_accepted: [({ answer }: SettlementState) => answer !== 'accepted', 'It was accepted already.'],
  documented: [({ documents }: SettlementState) => documents > 0, 'Add a document to the case first that shows it.'],
  held: [({ held }: SettlementState) => held > 0n, 'The customer holds no store credit.'],
} as const satisfies Record<string, readonly [(state: SettlementState) => boolean, string]>

export interface SettlementAction {
  readonly command: string
  readonly permission: string
  /** Kinds that it is about; null is all. A settlement of another kind does not have the action at all. */
  readonly kinds: readonly string[] | null
  readonly from: readonly string[]
  readonly needs: readonly (keyof typeof NEEDS)[]
}

const OPEN = ['proposed', 'approved', 'failed'] as const

/** What may be done with a settlement: read by the commands, the pages and the tests, as TRANSITIONS is for units. */
export const SETTLEMENT_ACTIONS: readonly SettlementAction[] = [
  {
    command: 'settlement.reject',
    permission: 'settlements:propose',
    kinds: null,
    from: OPEN,
    needs: ['ours', 'not_sent'],
  },
  {
    command: 'settlement.retry',
    permission: 'settlements:pay',
    kinds: null,
    from: ['failed', 'unknown'],
    needs: ['ours'],
  },
  {
    command: 'exchange.cancel',
    permission: 'settlements:propose',
    kinds: ['exchange'],
    from: OPEN,
    needs: ['ours', 'cancellable'],
  },
  {
    command: 'store_credit.spend',
    permission: 'settlements:propose',
    kinds: ['store_credit'],
    from: ['paid'],
    needs: ['held'],
  },
  {
    command: 'store_credit.void',
    permission: 'journal:prepare',
    kinds: ['store_credit'],
    from: ['paid'],
    needs: ['held'],
  },
  {
    command: 'chargeback.dispute',
    permission: 'settlements:pay',
    kinds: ['chargeback'],
    from: ['paid'],
    needs: ['unanswered', 'documented'],
  },
  {
    command: 'chargeback.accept',
    permission: 'settlements:pay',
    kinds: ['chargeback'],
    from: ['paid'],
    needs: ['not_accepted'],
  },
]

const words = (code: string): string => code.replaceAll('_', ' ')

function whyState({ command }: SettlementAction, { kind, state, external }: SettlementState): string {
  if (kind === 'chargeback') return state === 'rejected' ? 'The bank gave the money back.' : `It is ${words(state)}.`
  if (command === 'settlement.retry') return `It is ${words(state)}: there is nothing to try again.`
  if (command.startsWith('store_credit.')) return `It is ${words(state)}: no store credit was issued.`
  if (state === 'rejected') return 'It is withdrawn already.'
  if (external) return NEEDS.ours[1]
  return `It is ${words(state)}: what is on its way to the customer is not withdrawn.`
}

/** Whether a settlement has this action at all: a chargeback is not withdrawn, a refund has no replacement. */
export const concerns = (action: SettlementAction, settlement: SettlementState): boolean =>
  action.kinds === null
    ? !settlement.external
    : action.kinds.includes(settlement.kind) && !(action.kinds[0] === 'exchange' && settlement.replacement === null)

/** Why a command is closed to a settlement as it stands, in words; `undefined` when it is open. */
export function whyMoneyClosed(command: string, settlement: SettlementState): string | undefined {
  const action = SETTLEMENT_ACTIONS.find((each) => each.command === command)
  if (!action || !concerns(action, settlement)) return `This is not for a ${words(settlement.kind)} of this kind.`
  if (!action.from.includes(settlement.state)) return whyState(action, settlement)
  const missing = action.needs.find((need) => !NEEDS[need][0](settlement))
  return missing && NEEDS[missing][1]
}
