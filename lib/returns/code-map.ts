import { CONDITIONS, DISPOSITIONS, FINDINGS, REASONS } from './codes'

/**
 * The lists in which an outside system may use codes of its own, and what ours are. Statuses, settlement kinds and cost kinds are not among
 * them: they move stock and money, and are sent as ours.
 */
export const MAPPED_LISTS = {
  reason: REASONS,
  finding: FINDINGS,
  condition: CONDITIONS,
  disposition: DISPOSITIONS,
} as const satisfies Record<string, readonly string[]>

export type MappedList = keyof typeof MAPPED_LISTS
export const MAPPED_LIST_NAMES = Object.keys(MAPPED_LISTS) as MappedList[]
export const isMappedList = (name: string): name is MappedList => Object.hasOwn(MAPPED_LISTS, name)

/** The field of an event's data that carries a code of each list. */
export const CODE_FIELDS: Readonly<Record<MappedList, string>> = {
  reason: 'reason_code',
  finding: 'finding_code',
  condition: 'condition_code',
  disposition: 'disposition',
}

const LISTS_OF_TYPE: Readonly<Record<string, readonly MappedList[]>> = {
  'return.requested.v1': ['reason'],
  'unit.received.v1': ['condition'],
  'unit.inspected.v1': ['condition', 'finding'],
  'unit.dispositioned.v1': ['disposition'],
}

/** Which list a refused field belongs to, by its path in the event; undefined where codes are not mapped. */
export const listOfPath = (path: string): MappedList | undefined =>
  MAPPED_LIST_NAMES.find((list) => path === `data.${CODE_FIELDS[list]}`)

/** A code of a source, and the standard one that it means. */
export interface CodeMapping {
  readonly source: string
  readonly list: MappedList
  readonly outside: string
  readonly code: string
}

/** Mappings by `codeKey`. */
export type CodeMap = ReadonlyMap<string, string>

export const codeKey = (source: string, list: string, outside: string): string => `${source}\0${list}\0${outside}`

export const codeMapOf = (mappings: readonly CodeMapping[]): CodeMap =>
  new Map(mappings.map(({ source, list, outside, code }) => [codeKey(source, list, outside), code]))

const isOurs = (list: MappedList, code: string): boolean => (MAPPED_LISTS[list] as readonly string[]).includes(code)

/**
 * An event's data with the standard codes in place of its source's own: what both the cases and the figures read. A standard code always means
 * itself; a code that nobody has mapped stays as it is. Gives back the same object when there is nothing to replace.
 */
export function withOurCodes<Data extends object>(type: string, source: string, data: Data, codes: CodeMap): Data {
  let ours: Data | undefined
  for (const list of LISTS_OF_TYPE[type] ?? []) {
    const field = CODE_FIELDS[list]
    const given: unknown = Reflect.get(data, field)
    if (typeof given !== 'string' || isOurs(list, given)) continue
    const code = codes.get(codeKey(source, list, given))
    if (code !== undefined) ours = { ...(ours ?? data), [field]: code }
  }
  return ours ?? data
}
