import type { AuditView } from '@/components/audit/audit-list'
import { isRole, ROLES } from '@/lib/auth/permissions'
import { type Formatter, humanize } from '@/lib/format'
import type { AuditLine, ChainState } from '@/lib/workflow/read/audit-types'

const KINDS = { person: '', key: 'key', source: 'source', automation: 'automation', system: 'system' } as const

/** A return is called so on every page; its table is called otherwise. */
const OBJECTS: Readonly<Record<string, string>> = { rma: 'return' }
const objectWords = (type: string): string => humanize(OBJECTS[type] ?? type)
export const actionWords = (action: string): string => {
  const [type = '', ...did] = action.split('.')
  return [objectWords(type), ...did.map((each) => each.replaceAll('_', ' '))].join(' ')
}

export const auditView = (line: AuditLine, format: Formatter): AuditView => ({
  seq: line.seq,
  time: format.moment(line.at),
  actor: line.actor,
  kind: KINDS[line.actorKind],
  roles: line.roles.map((role) => (isRole(role) ? ROLES[role].label : role)).join(', '),
  action: actionWords(line.action),
  object: line.objectId === '' ? objectWords(line.objectType) : `${objectWords(line.objectType)} ${line.objectId}`,
  href: hrefOf(line),
  reason: line.reason,
  fields: line.fields,
  facts: [
    { label: 'Entry', value: line.seq },
    { label: 'at', value: format.instant(line.at) },
    ...(line.roles.length > 0 ? [{ label: 'as', value: line.roles.join(', ').replaceAll('_', ' ') }] : []),
    ...(line.entity ? [{ label: 'in', value: line.entity }] : []),
    ...(line.approvalId ? [{ label: 'approval', value: line.approvalId }] : []),
    ...(line.commandId ? [{ label: 'command', value: line.commandId }] : []),
  ],
  sealed: line.block === null ? 'waits for its block' : `sealed in block ${line.block}`,
})

function hrefOf({ rmaId, objectType, objectId }: AuditLine): string | null {
  if (rmaId) return `/returns/${encodeURIComponent(rmaId)}`
  if (objectType === 'unit') return `/returns/unit/${encodeURIComponent(objectId)}`
  if (objectType === 'manual_entry') return `/journal?${new URLSearchParams({ find: objectId })}`
  if (objectType === 'period') {
    const at = objectId.lastIndexOf('/')
    return `/close?${new URLSearchParams({ books: objectId.slice(0, at), month: objectId.slice(at + 1) })}`
  }
  return null
}

/** The state of the chain in two sentences, and how good it is. */
export function chainWords(
  chain: ChainState,
  format: Formatter,
): { readonly tone: 'good' | 'bad' | 'open'; readonly verdict: string; readonly detail: string } {
  const detail = `${format.count(chain.entries)} entries in ${format.count(chain.blocks)} signed blocks, ${format.count(chain.anchors)} anchored outside the database. ${
    chain.sealedAt ? `Last sealed ${format.instant(chain.sealedAt)}` : 'Nothing sealed yet'
  }, ${format.count(chain.unsealed)} waiting.`
  const { verified } = chain
  if (!verified) return { tone: 'open', verdict: 'The log has not been verified here yet', detail }
  const made = `${format.instant(verified.at)} by ${verified.by}`
  if (verified.broken)
    return {
      tone: 'bad',
      verdict: `Broken${verified.broken.block ? ` at block ${verified.broken.block}` : ''}: ${verified.broken.kind}`,
      detail: `${verified.broken.message} Verified ${made}. ${detail}`,
    }
  return { tone: 'good', verdict: `Whole to entry ${format.count(verified.entries)}, verified ${made}`, detail }
}
