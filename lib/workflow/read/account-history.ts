import { isRole, ROLES } from '../../auth/permissions'

type Diff = Readonly<Record<string, readonly [unknown, unknown]>>

const label = (role: unknown): string => (typeof role === 'string' && isRole(role) ? ROLES[role].label : String(role))
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const without = (from: unknown[], what: unknown[]): unknown[] => from.filter((each) => !what.includes(each))

/** What an audit entry of a person says, as people say it. */
export function wordsOfChange(action: string, given: unknown): string {
  const diff = (given ?? {}) as Diff
  if (action === 'account.created')
    return `Made${list(diff.roles?.[1]).length > 0 ? ` with ${list(diff.roles?.[1]).map(label).join(', ')}` : ' without a role'}`
  if (action === 'setup_token.created') return 'Set-up link made'
  if (action === 'setup_token.changed') return 'Set-up link used, or replaced by another'
  if (action === 'account.sessions_ended') return `${String(diff.sessions?.[0] ?? '')} sessions ended`
  if (action === 'duty_mitigation.created')
    return `Review of ${label(diff.first?.[1])} with ${label(diff.second?.[1])} until ${String(diff.until?.[1] ?? '').slice(0, 10)}`
  const parts: string[] = []
  if (diff.roles) {
    const [before, after] = diff.roles.map(list)
    const [given, taken] = [without(after ?? [], before ?? []), without(before ?? [], after ?? [])]
    if (given.length > 0) parts.push(`Given ${given.map(label).join(', ')}`)
    if (taken.length > 0) parts.push(`Taken away ${taken.map(label).join(', ')}`)
  }
  if (diff.scope) parts.push('What they see changed')
  if (diff.active) parts.push(diff.active[1] === true ? 'Let in again' : 'Deactivated')
  if (diff.password_hash) parts.push('Password set')
  const other = Object.keys(diff).filter((key) => !['roles', 'scope', 'active', 'password_hash'].includes(key))
  if (other.length > 0) parts.push(`Changed ${other.join(', ').replaceAll('_', ' ')}`)
  return parts.join('; ')
}
