import type { RowChange } from '../../returns/policy-diff'
import type { TextRow } from '../../returns/policy-text'

export const POLICY_KINDS = ['returns', 'routing', 'disposition', 'approval'] as const
export type PolicyKindName = (typeof POLICY_KINDS)[number]

export interface PolicyLine {
  readonly kind: PolicyKindName
  readonly version: number
  readonly state: 'draft' | 'pending' | 'active' | 'retired' | 'rejected'
  /** Whether it is the one that decides now. */
  readonly decides: boolean
  readonly effectiveFrom: string | null
  readonly createdBy: string
  readonly createdAt: string
  readonly note: string
  readonly rows: number
}

export interface PolicyVersionView {
  readonly line: PolicyLine
  readonly versions: readonly PolicyLine[]
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly rows: readonly TextRow[]
  readonly hash: string
  /** The version that it is held against, and how they differ. */
  readonly against: number | null
  readonly changes: readonly RowChange[]
  /** Why the reader cannot edit it; '' when they can. */
  readonly closed: string
}

export interface AutomationLine {
  readonly id: string
  readonly title: string
  readonly does: string
  readonly enabled: boolean
  readonly did: number
  readonly overridden: number
  readonly lastAt: string | null
}

export interface SettingLine {
  readonly key: string
  readonly says: string
  /** As a person reads and writes it, and what they may write. */
  readonly value: string
  readonly hint: string
  readonly standard: string
  readonly changedAt: string | null
}

export interface SettingsView {
  readonly policies: readonly PolicyLine[]
  readonly automation: readonly AutomationLine[]
  readonly settings: readonly SettingLine[]
}
