import type { StationUnit } from '@/lib/workflow/read/station-types'

/** What a person did at the station: scanned something, or asked for something. */
export type Action =
  | { readonly type: 'scan'; readonly code: string }
  | {
      readonly type: 'command'
      readonly name: string
      readonly input: Readonly<Record<string, unknown>>
      /** What it is, for the list: "SHORT", "Grade B". */
      readonly label: string
      /** About the unit that was received last by then, whatever was still to be sent when it was asked for. */
      readonly ofLast?: boolean
      /** The photos that belong to it, by their entries: it names those that were kept. */
      readonly photos?: readonly string[]
    }
  | {
      readonly type: 'photo'
      /** Null: of the unit that was received last by then. */
      readonly unitId: string | null
      /** The picture, kept in this browser until the server has it. */
      readonly picture?: Blob
      readonly label: string
    }

/** What can be done about an entry that needs a person; chosen by its number key. */
export interface Choice {
  readonly label: string
  readonly action: Action | null
  /** Asks for a number or a text first, which is put into the action's input under this name. */
  readonly asks?: { readonly name: string; readonly label: string; readonly numeric: boolean }
}

export type Tone = 'right' | 'wrong' | 'ask' | 'info'

/** One thing done at the station, from the moment it is done until the server has answered. Kept in the browser, sent in order. */
export interface Entry {
  /** Also the id of the command that it becomes: sent twice, it is done once. */
  readonly id: string
  readonly seq: number
  readonly person: string
  readonly facility: string
  readonly at: number
  readonly action: Action
  readonly state: 'waiting' | 'sent' | 'cancelled'
  /** The command that a scan was found to mean: remembered before it is sent, so that a repeat is the same command. */
  readonly resolved?: { readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  readonly tone?: Tone
  readonly title?: string
  readonly detail?: string
  readonly choices?: readonly Choice[]
  /** The unit that it received, and until when that can be undone. */
  readonly receipt?: { readonly unitId: string; readonly undoUntil: number }
  /** Of a photo that was kept: its content address. */
  readonly sha256?: string
  /** Somebody has dealt with what it asked. */
  readonly settled?: boolean
}

/** The return whose units are being received. */
export interface OpenCase {
  readonly rmaId: string
  readonly units: readonly StationUnit[]
}
