import type { Lookup, StationUnit } from '@/lib/workflow/read/station-types'
import type { Choice, OpenCase, Tone } from './entry'

/** What a scan means at the dock. */
export type Meaning =
  | { readonly do: 'receive'; readonly input: Readonly<Record<string, unknown>>; readonly unit: StationUnit }
  | {
      readonly do: 'say'
      readonly tone: Tone
      readonly title: string
      readonly detail: string
      readonly choices: readonly Choice[]
    }

const command = (name: string, input: Record<string, unknown>, label: string) =>
  ({ type: 'command', name, input, label }) as const

const what = (unit: StationUnit): string => (unit.size ? `${unit.name}, ${unit.size}` : unit.name)
const open = (unit: StationUnit): boolean => unit.receive === null

/** Receiving without a return: what is known of the thing goes with it. */
export const blindChoice = (lookup: Lookup, facility: string): Choice => ({
  label: 'Receive without a return',
  action: command(
    'unit.receive_blind',
    {
      facility,
      ...(lookup.item ? { sku: lookup.item.sku } : {}),
      ...(lookup.serial ? { serial: lookup.serial } : {}),
      ...(lookup.lot ? { lot: lookup.lot } : {}),
      ...(lookup.item ? {} : { tracking: lookup.code }),
    },
    'Without a return',
  ),
})

const nothing: Choice = { label: 'Leave it', action: null }

/**
 * What one scan means, given what it is and which return is open: receive this unit, or say what it is and what can be done. A scan never
 * receives something that it does not name.
 */
export function decideScan(lookup: Lookup, current: OpenCase | null, facility: string): Meaning {
  if (lookup.kind === 'unknown')
    return {
      do: 'say',
      tone: 'ask',
      title: `${lookup.code} is not known`,
      detail:
        'No return, order, serial, parcel or item has this code. Scan another label of the parcel, or receive it without a return.',
      choices: [blindChoice(lookup, facility), nothing],
    }
  if (lookup.kind === 'item') return ofItem(lookup, current, facility)
  const named = lookup.units.filter(({ id }) => lookup.named.includes(id))
  const expected = named.filter(open)
  const [only] = expected
  const single = lookup.kind === 'unit' || lookup.kind === 'serial' || lookup.units.filter(open).length === 1
  if (only && expected.length === 1 && single) return receiveOne(only, lookup, facility)
  if (expected.length > 0)
    return {
      do: 'say',
      tone: 'info',
      title: `${expected.length} units expected`,
      detail: 'Scan each item, or press its number.',
      choices: [],
    }
  const [first] = named
  const [received] = named.filter((unit) => unit.received !== null)
  if (received) return already(received, facility)
  return {
    do: 'say',
    tone: 'wrong',
    title: first ? what(first) : lookup.code,
    detail: `${first?.receive ?? 'Nothing of it is expected here.'} If it is in your hands, receive it without a return.`,
    choices: [blindChoice(lookup, facility), nothing],
  }
}

/** One unit, whole: a single piece at once, several after they were counted. */
export function receiveOne(
  unit: StationUnit,
  lookup: Pick<Lookup, 'kind' | 'serial' | 'lot' | 'item'> | null,
  facility: string,
): Meaning {
  const input = {
    unitId: unit.id,
    facility,
    ...(lookup?.serial ? { serial: lookup.serial } : {}),
    ...(lookup?.lot ? { lot: lookup.lot } : {}),
  }
  if (unit.quantity === 1) return { do: 'receive', input, unit }
  return {
    do: 'say',
    tone: 'ask',
    title: `How many of ${unit.quantity}?`,
    detail: `${what(unit)}: count them.`,
    choices: [
      {
        label: 'Count',
        action: command('unit.receive', input, what(unit)),
        asks: { name: 'quantity', label: 'Pieces that are here', numeric: true },
      },
      {
        label: `All ${unit.quantity} are here`,
        action: command('unit.receive', { ...input, quantity: unit.quantity }, what(unit)),
      },
      nothing,
    ],
  }
}

/** A second scan of the same code: said when and by whom it was received, and that another one would be one too many. */
const already = (unit: StationUnit, facility: string): Meaning => ({
  do: 'say',
  tone: 'wrong',
  title: `Already received ${unit.received ?? ''}`.trim(),
  detail: `${what(unit)} of ${unit.rmaId ?? 'no return'}. A second one in your hands is one too many: receive it without a return.`,
  choices: [
    {
      label: 'There is a second one',
      action: command(
        'unit.receive_blind',
        { facility, sku: unit.sku, ...(unit.orderId ? { orderId: unit.orderId } : {}) },
        'One too many',
      ),
    },
    nothing,
  ],
})

function ofItem(lookup: Lookup, current: OpenCase | null, facility: string): Meaning {
  const name = lookup.item?.name ?? lookup.code
  if (!current)
    return {
      do: 'say',
      tone: 'ask',
      title: name,
      detail:
        'Many returns may expect this item. Scan the label of its parcel first; without one, receive it without a return.',
      choices: [blindChoice(lookup, facility), nothing],
    }
  const same = current.units.filter(({ sku }) => sku === lookup.item?.sku)
  const [expected] = same.filter(open)
  if (expected) return receiveOne(expected, lookup, facility)
  const [received] = same.filter((unit) => unit.received !== null)
  if (received) return already(received, facility)
  const wanting = current.units.filter(open)
  return {
    do: 'say',
    tone: 'wrong',
    title: `${name} is not on ${current.rmaId}`,
    detail: 'Say what it is; nothing is received before that.',
    choices: [
      ...wanting.slice(0, 5).map(
        (unit): Choice => ({
          label: `It came instead of ${what(unit)}`,
          action: command(
            'unit.receive',
            {
              unitId: unit.id,
              facility,
              quantity: unit.quantity,
              sku: lookup.item?.sku ?? lookup.code,
              wrongItem: true,
            },
            'Wrong item',
          ),
        }),
      ),
      blindChoice(lookup, facility),
      nothing,
    ],
  }
}
