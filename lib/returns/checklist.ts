/** One question of an inspection. `accessory`: no means that something is missing of what was shipped. */
export interface Check {
  readonly id: string
  readonly question: string
  readonly accessory: boolean
}

const check = (id: string, question: string, accessory = false): Check => ({ id, question, accessory })

/** What an inspector looks at, by category (docs/workflow: one key each, all of them answered). */
const BY_CATEGORY: Readonly<Record<string, readonly Check[]>> = {
  apparel: [check('tags', 'Tags attached'), check('clean', 'Clean, no smell')],
  footwear: [
    check('pair', 'A pair, same size', true),
    check('sole', 'Soles unworn'),
    check('box', 'Original box', true),
  ],
  electronics: [
    check('accessories', 'All accessories there', true),
    check('powers_on', 'Powers on'),
    check('wiped', 'Signed out, no personal data'),
  ],
  beauty: [check('seal', 'Seal unbroken'), check('date', 'Before its date')],
  home: [check('parts', 'All parts there', true), check('clean', 'Clean')],
}
const GENERAL: readonly Check[] = [check('complete', 'Everything there', true)]

/** The checklist of a category; goods of a category that has none get the general one. */
export const checklistOf = (category: string): readonly Check[] => BY_CATEGORY[category] ?? GENERAL

/** The questions of a category that an answer leaves open, and whether everything that was shipped is there. */
export function readChecklist(
  category: string,
  answers: Readonly<Record<string, boolean>>,
): { open: readonly Check[]; accessoriesComplete: boolean } {
  const checks = checklistOf(category)
  return {
    open: checks.filter(({ id }) => answers[id] === undefined),
    accessoriesComplete: checks.every(({ id, accessory }) => !accessory || answers[id] !== false),
  }
}
