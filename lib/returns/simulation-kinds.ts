/** A figure of a simulation. `up`: whether more of it is good for the company, or neither. */
interface SimulatedFigure {
  readonly id: string
  readonly label: string
  /** The same above a column. */
  readonly short: string
  readonly up: 'better' | 'worse' | 'neither'
  readonly says: string
}

/** What can be tried on the past of a policy: its figures, its verdicts in their order, and in words what is counted and what is not. */
export interface SimulatedKind {
  readonly figures: readonly [SimulatedFigure, ...SimulatedFigure[]]
  /** Verdicts in the order in which they are shown, with their words; others follow as the policy itself names them. */
  readonly verdicts: Readonly<Record<string, string>>
  /** What a line is, in the plural, and what a verdict is called. */
  readonly of: string
  readonly verdict: string
  /** Whether it says when money may go. */
  readonly speed: boolean
  readonly counts: readonly string[]
}

export const SIMULATED_KINDS = {
  returns: {
    figures: [
      {
        ...{ id: 'refund', label: 'Refunds and credits', short: 'Refund', up: 'worse' },
        says: 'What customers get, tax included, once what the release rule waits for has come.',
      },
      {
        ...{ id: 'waits', label: 'Waits for the goods', short: 'Waits', up: 'neither' },
        says: 'What customers would get if what the release rule waits for came. Of returns that have ended it never did.',
      },
      { id: 'fee', label: 'Fees kept', short: 'Fee', up: 'better', says: 'Restocking and label fees of those.' },
      {
        ...{ id: 'kept', label: 'Kept back for condition', short: 'Kept', up: 'better' },
        says: 'By the condition that was known when the money could go.',
      },
      {
        ...{ id: 'margin', label: 'Net margin impact', short: 'Margin', up: 'better' },
        says: 'What the goods brought in again, less refunds without their tax, with fees kept, less freight, labour and every other cost. What waits for goods that may still come is in it.',
      },
    ],
    verdicts: { auto: 'Decided by itself', manual: 'Waits for a person', refused: 'Not taken back' },
    ...{ of: 'returns', verdict: 'Decision', speed: true },
    counts: [
      'Every return of the span is judged twice with what was known when it was asked for: its reason, the days since the sale, the price at the rate of that day, the returns of the customer before it. Its sale and the class of its goods are as they are known today.',
      'What came back, when, and in which condition is taken as it was. Money counts once the release rule is met, so a return that never came costs something only where it is paid before.',
      'What is refused costs nothing and brings nothing back: its refund, its freight and its labour are saved, and what its goods brought in is lost. Goods that have not come to their end count at what their condition brought in over the last 365 days, and money that only waits for them is in the margin: paying later is no gain.',
      'A return that a person rejected is rejected again wherever a person decides. Waivers, goodwill and overrides of people are not repeated.',
      'Not in it: returns that were refused at the door or cancelled, and how customers would change what they do. A person’s time to decide is in no figure of speed.',
    ],
  },
  routing: {
    figures: [
      {
        id: 'cost',
        label: 'Cost of the goods',
        short: 'Cost',
        up: 'neither',
        says: 'What the goods cost that go there.',
      },
    ],
    verdicts: {},
    ...{ of: 'returns', verdict: 'Facility', speed: false },
    counts: [
      'Every return of the span is routed twice with what was known when it was asked for.',
      'Only units and the cost of their goods are compared. What another way would cost in freight, labour or time is not known, since no tariff of a way that was not taken is.',
    ],
  },
  disposition: {
    figures: [
      {
        ...{ id: 'recovery', label: 'Value recovered', short: 'Recovered', up: 'better' },
        says: 'Cost of the goods times what goods so decided brought in over the last 365 days.',
      },
    ],
    verdicts: {},
    ...{ of: 'decisions about goods', verdict: 'Disposition', speed: false },
    counts: [
      'Every decision about goods in the span is proposed twice, from what was known of the unit at that moment: its events up to then, the agreement with its supplier as it is today.',
      'Proposals are compared, not what people decided against them. A second decision of a unit begins where the first really left it.',
      'The value is an estimate: cost times the share that goods with that disposition brought in over the last 365 days, a disposition without any at the share of all.',
    ],
  },
  approval: {
    figures: [
      {
        id: 'amount',
        label: 'Amount',
        short: 'Amount',
        up: 'neither',
        says: 'What was asked for, in the reporting currency.',
      },
    ],
    verdicts: { '': 'Nobody' },
    ...{ of: 'requests', verdict: 'Who must say yes', speed: false },
    counts: [
      'Every settlement of the span is weighed as it was when it was proposed, with what was given to the same customer or for the same order before it, and judged by both versions. One that another system decided is judged as if it had been proposed here.',
      'Adjustments, write-offs, entries, policies and the like are judged where somebody was asked about them. Those that needed nobody left nothing to judge: what a stricter version would ask about beside them is not in it.',
      'How long people would take, and what they would say, is not known.',
    ],
  },
} as const satisfies Readonly<Record<string, SimulatedKind>>

export type SimulatedKindName = keyof typeof SIMULATED_KINDS

/** The definition of a kind, as data. */
export const simulatedKind = (kind: SimulatedKindName): SimulatedKind => SIMULATED_KINDS[kind]
