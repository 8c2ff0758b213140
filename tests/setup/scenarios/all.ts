import { AFTER_SETTLING } from './after-settling'
import { BOOKS, CLOSE } from './books'
import { CLAIMS } from './claims'
import { GOODS } from './goods'
import { MONEY } from './money'
import { PEOPLE } from './people'
import { RULES } from './rules'
import type { Scenario } from './scenario'
import { SOURCES } from './sources'

/** At least one for every command there is (tests/integration/command-crashes.test.ts holds that), in an order in which they can be built. */
export const SCENARIOS: readonly Scenario[] = [
  ...CLOSE,
  ...GOODS,
  ...MONEY,
  ...AFTER_SETTLING,
  ...CLAIMS,
  ...RULES,
  ...SOURCES,
  ...PEOPLE,
  ...BOOKS,
]
