import type { ClaimAction, Picked } from './claims-view'

interface Words {
  /** On the button that opens it. */
  readonly button: string
  readonly title: string
  /** What will be true afterwards, in figures. */
  effect(picked: Picked): string
}

const several = ({ ids }: Picked, one: string): string => (ids.length === 1 ? `1 ${one}` : `${ids.length} ${one}s`)

export const sumsOf = ({ sums }: Picked): string =>
  Object.entries(sums)
    .map(([currency, sum]) => `${sum} ${currency}`)
    .join(' and ')

export const ACTION_WORDS: Readonly<Record<ClaimAction, Words>> = {
  open: {
    button: 'Open claims',
    title: 'Open claims',
    effect: (picked) =>
      `Opens ${several(picked, 'claim')} for ${sumsOf(picked)}, one batch ${picked.suppliers.length > 1 ? 'for each supplier' : ''}. Nothing is sent yet.`,
  },
  submit: {
    button: 'Submit',
    title: 'Submit to the supplier',
    effect: (picked) => `Notes that ${several(picked, 'claim')} for ${sumsOf(picked)} went to the supplier.`,
  },
  accept: {
    button: 'Accepted',
    title: 'Accepted by the supplier',
    effect: (picked) => `Books ${sumsOf(picked)} at most as receivable from the supplier, and as recovery.`,
  },
  reject: {
    button: 'Rejected',
    title: 'Rejected by the supplier',
    effect: (picked) =>
      `Closes ${several(picked, 'claim')} for ${sumsOf(picked)}. The units may be claimed again while their window is open.`,
  },
  recover: {
    button: 'Money has come',
    title: 'Money has come',
    effect: (picked) => `Books what came to cash clearing, against the ${sumsOf(picked)} that are outstanding.`,
  },
  write_off: {
    button: 'Write off the rest',
    title: 'Write off the rest',
    effect: (picked) => `Gives up ${sumsOf(picked)}, once somebody else has approved it. Nothing is booked before.`,
  },
}
