'use client'
import type { Lookup } from '@/lib/workflow/read/station-types'
import { ask } from './ask'
import { decideScan } from './decide-scan'
import type { Choice, Entry, OpenCase } from './entry'
import { workPhoto } from './photo'
import { send, type Work, type Worked } from './sender'

const UNDO_SECONDS = 30

interface ReceiptAnswer {
  readonly unitId: string | null
  readonly rmaId: string
  readonly quantity: number
  readonly expected: number
  readonly missingUnitId: string | null
  readonly extraUnitId: string | null
  readonly exceptions: readonly string[]
}

const find = (code: string, facility: string) =>
  ask<Lookup>(`/api/v1/stations/lookup?code=${encodeURIComponent(code)}&facility=${encodeURIComponent(facility)}`)

/** The return as it stands now, for the list of what is still expected. */
async function caseNow(rmaId: string, facility: string): Promise<OpenCase | null | undefined> {
  const answer = await find(rmaId, facility)
  return answer.state === 'ok' && answer.value.units.length > 0 ? { rmaId, units: answer.value.units } : undefined
}

/** Works one entry of the receiving station: finds out what a scan means, sends the command that it becomes, and says what came of it. */
export const workReceiving: Work = async (entry, keep, { openCase, lastUnit }) => {
  // Found out before, and perhaps sent: the same command again, never a second look that would see its own effect.
  if (entry.resolved) return carryOut(entry, entry.resolved.name, entry.resolved.input, openCase)
  const { action } = entry
  if (action.type === 'photo') return workPhoto(action, lastUnit)
  if (action.type === 'command') {
    if (!action.ofLast) return carryOut(entry, action.name, action.input, openCase)
    if (!lastUnit)
      return said('wrong', 'Nothing to grade', 'Receive something first: the grade is for what was received last.')
    const input = { ...action.input, unitId: lastUnit }
    return carryOut(await keep({ resolved: { name: action.name, input } }), action.name, input, openCase)
  }
  const found = await find(action.code, entry.facility)
  if (found.state === 'unreachable') return 'unreachable'
  if (found.state === 'refused')
    return found.code === 'unauthenticated' ? 'signed-out' : said('wrong', 'Not read', found.message)
  const lookup = found.value
  const opened: OpenCase | null = lookup.rmaId ? { rmaId: lookup.rmaId, units: lookup.units } : openCase
  const meaning = decideScan(lookup, openCase, entry.facility)
  if (meaning.do === 'say') {
    const { tone, title, detail, choices } = meaning
    return { entry: { tone, title, detail, choices }, openCase: opened }
  }
  const kept = await keep({ resolved: { name: 'unit.receive', input: meaning.input } })
  return carryOut(kept, 'unit.receive', meaning.input, opened)
}

const said = (
  tone: Entry['tone'] & string,
  title: string,
  detail: string,
  choices: readonly Choice[] = [],
): Worked => ({
  entry: { tone, title, detail, choices },
})

async function carryOut(
  entry: Entry,
  name: string,
  input: Readonly<Record<string, unknown>>,
  openCase: OpenCase | null,
) {
  const answer = await send<Record<string, unknown>>(entry, name, input)
  if (answer.state === 'unreachable') return 'unreachable' as const
  if (answer.state === 'refused') {
    if (answer.code === 'unauthenticated') return 'signed-out' as const
    return { entry: refused(name, input, answer.code, answer.message) }
  }
  const rmaId = typeof answer.value.result.rmaId === 'string' ? answer.value.result.rmaId : (openCase?.rmaId ?? '')
  const now = rmaId === '' ? undefined : await caseNow(rmaId, entry.facility)
  const worked = done(entry, name, answer.value.result, now ?? openCase)
  return now === undefined ? { entry: worked } : { entry: worked, openCase: now }
}

/** A refusal that something typed can mend asks for it; every other one says what to do. */
function refused(
  name: string,
  input: Readonly<Record<string, unknown>>,
  code: string,
  message: string,
): Partial<Entry> {
  const asks = code === 'lot_required' ? { name: 'lot', label: 'Lot on the package', numeric: false } : undefined
  return {
    tone: asks ? 'ask' : 'wrong',
    title: asks ? 'Which lot?' : 'Not done',
    detail: message,
    choices: asks
      ? [{ label: 'Type or scan the lot', action: { type: 'command', name, input, label: 'With its lot' }, asks }]
      : [],
  }
}

const EXCEPTION_WORDS: Record<string, string> = {
  short_receipt: 'fewer than expected: an exception was raised',
  over_receipt: 'more than expected: the rest lies on hold',
  wrong_item: 'wrong item: an exception was raised',
  serial_conflict: 'the serial was not shipped with this order: an exception was raised',
}

function done(entry: Entry, name: string, result: Record<string, unknown>, now: OpenCase | null): Partial<Entry> {
  const undoUntil = Date.now() + UNDO_SECONDS * 1000
  if (name === 'unit.receive') {
    const receipt = result as unknown as ReceiptAnswer
    const unit = now?.units.find(({ id }) => id === receipt.unitId)
    const notes = receipt.exceptions.map((kind) => EXCEPTION_WORDS[kind] ?? kind.replaceAll('_', ' '))
    const what = unit ? (unit.size ? `${unit.name}, ${unit.size}` : unit.name) : receipt.rmaId
    return {
      tone: notes.length > 0 ? 'wrong' : 'right',
      title:
        receipt.unitId === null ? 'Noted as missing' : receipt.quantity > 1 ? `${receipt.quantity} × ${what}` : what,
      detail: [receipt.rmaId, ...notes].join(', '),
      ...(receipt.unitId === null ? {} : { receipt: { unitId: receipt.unitId, undoUntil } }),
    }
  }
  if (name === 'unit.receive_blind') {
    const unitId = String(result.unitId)
    const suggestions = Array.isArray(result.suggestions) ? result.suggestions.length : 0
    return {
      tone: 'right',
      title: `On hold as ${unitId}`,
      detail:
        suggestions > 0
          ? `Unmatched, ${suggestions} orders may be it. Put it in the unmatched bay.`
          : 'Unmatched. Put it in the unmatched bay.',
      receipt: { unitId, undoUntil },
    }
  }
  if (name === 'unit.undo_receipt') return { tone: 'info', title: 'Taken back', detail: 'It is expected again.' }
  return { tone: 'right', title: entry.action.type === 'command' ? entry.action.label : 'Done', detail: '' }
}
