import { humanize } from '@/lib/format'
import { CONDITION_MEANINGS } from '@/lib/returns/code-meanings'

/** A code as people call it; a grade is a letter, which says little alone. */
export const codeName = (list: string, code: string): string =>
  list === 'condition'
    ? `${code}: ${(CONDITION_MEANINGS as Readonly<Record<string, string>>)[code] ?? ''}`
        .replace(/\.$/, '')
        .toLowerCase()
        .replace(/^./, (letter) => letter.toUpperCase())
    : humanize(code)
