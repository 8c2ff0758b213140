'use client'
import type { Entry } from './entry'
import { workPhoto } from './photo'
import { send, type Work } from './sender'

interface ProposalAnswer {
  readonly disposition: string
  readonly note: string
  readonly row: string
}

/** Works one entry of the bench: sends the command and says what came of it. */
export const workInspection: Work = async (entry, keep, { kept }) => {
  const { action } = entry
  if (action.type === 'scan') return { entry: {} }
  if (action.type === 'photo') return workPhoto(action, null)
  const { name, label } = action
  let input = entry.resolved?.input ?? action.input
  if (action.photos && !entry.resolved) {
    // Its photos went before it. Which of them are kept is noted before it is sent, so that a repeat is the same command.
    input = { ...action.input, evidence: kept(action.photos) }
    await keep({ resolved: { name, input } })
  }
  const answer = await send<Record<string, unknown>>(entry, name, input)
  if (answer.state === 'unreachable') return 'unreachable'
  if (answer.state === 'refused')
    return answer.code === 'unauthenticated'
      ? 'signed-out'
      : { entry: { tone: 'wrong', title: `${label}: not done`, detail: answer.message } }
  return { entry: { title: label, ...came(name, answer.value.result) } }
}

const words = (code: string): string => code.replaceAll('_', ' ')

function came(name: string, result: Record<string, unknown>): Partial<Entry> {
  if (name === 'unit.inspect') {
    const exceptions = Array.isArray(result.exceptions) ? result.exceptions.map((kind) => words(String(kind))) : []
    const proposal = result.proposal as ProposalAnswer | null
    const proposed = proposal
      ? `Proposed: ${words(proposal.disposition)}, row ${proposal.row}. ${proposal.note}`
      : 'No proposal.'
    return exceptions.length > 0
      ? { tone: 'wrong', detail: `Raised: ${exceptions.join(', ')}. ${proposed}` }
      : { tone: 'right', detail: proposed }
  }
  if (name === 'unit.split') {
    const parts = Array.isArray(result.parts)
      ? result.parts.map((part: { unitId?: unknown }) => String(part.unitId))
      : []
    return { tone: 'right', detail: `Label the parts: ${parts.join(', ')}.` }
  }
  if (typeof result.approvalId === 'string')
    return {
      tone: 'info',
      detail: 'Above the limit: it waits for a second person. Decide it again the same way once they have said yes.',
    }
  return { tone: 'right', detail: `It is ${words(String(result.status))} now.` }
}
