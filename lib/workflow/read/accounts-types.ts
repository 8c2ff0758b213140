import type { RoleName } from '../../auth/permissions'

/** Which rows somebody sees; null is all of them. */
export interface ScopeView {
  readonly entities: readonly string[] | null
  readonly facilities: readonly string[] | null
  readonly channels: readonly string[] | null
}

/** Two roles of one person that exclude each other, and who watches over it. */
export interface ConflictView {
  readonly roles: readonly [RoleName, RoleName]
  readonly why: string
  /** `none`: nobody ever watched; `over`: the review has run out, and the role granted last gives nothing. */
  readonly state: 'watched' | 'over' | 'none'
  readonly owner: string
  readonly until: string | null
  readonly review: string
}

export interface AccountLine {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  /** Roles that give nothing now, since the review that allowed them has run out. */
  readonly asleep: readonly string[]
  readonly scope: ScopeView
  /** The same in words. */
  readonly sees: string
  readonly active: boolean
  readonly demo: boolean
  /** How they come in: a password, single sign-on, or neither yet. */
  readonly signsIn: 'password' | 'single_sign_on' | 'not_yet'
  readonly createdAt: string
  readonly sessions: number
  readonly seenAt: string | null
  readonly conflicts: readonly ConflictView[]
}

export interface AccountsView {
  readonly people: readonly AccountLine[]
  /** Why the reader may change nothing; '' where they may. */
  readonly closed: string
  /** What somebody new can be given. */
  readonly grantable: readonly GrantableRole[]
}

/** A role that a person could be given, with what it would bring together. */
export interface GrantableRole {
  readonly role: RoleName
  readonly label: string
  readonly may: string
  /** Why nobody should hold it together with what they have; '' where it is free. */
  readonly conflict: string
}

export interface AccountView {
  readonly line: AccountLine
  /** The reader themselves: then nothing of it is theirs to change. */
  readonly self: boolean
  readonly closed: string
  readonly grantable: readonly GrantableRole[]
  /** Who may watch over roles of this person: everybody else who is active, by address. */
  readonly owners: readonly { readonly value: string; readonly label: string }[]
  /** What rows there are to choose from. */
  readonly choices: {
    readonly entities: readonly { readonly value: string; readonly label: string }[]
    readonly facilities: readonly { readonly value: string; readonly label: string }[]
    readonly channels: readonly { readonly value: string; readonly label: string }[]
  }
  /** Changes of this person, latest first. */
  readonly history: readonly {
    readonly at: string
    readonly who: string
    readonly what: string
    readonly why: string
  }[]
}
