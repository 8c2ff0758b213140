/** Why a unit that is proposed at a station is left for later, or to somebody else. */
export const SKIP_CODES = {
  not_found: 'It is not where it should be',
  needs_equipment: 'Equipment is missing',
  needs_specialist: 'A specialist must look at it',
  unsafe: 'It is not safe to handle',
  label_unreadable: 'Its label cannot be read',
  conflict_of_duty: 'I have dealt with this case before',
} as const
export type SkipCode = keyof typeof SKIP_CODES
