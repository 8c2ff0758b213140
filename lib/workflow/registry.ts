import { approvalCommands } from './approvals'
import { bookCommands } from './books/commands'
import { chargebackCommands } from './chargeback/commands'
import { claimCommands } from './claims/commands'
import { codeCommands } from './codes/commands'
import type { Command } from './command'
import { controlCommands } from './controls/commands'
import { dispositionCommands } from './disposition/commands'
import { evidenceCommands } from './evidence/commands'
import { exceptionCommands } from './exceptions'
import { exchangeCommands } from './exchange/cancel'
import { inspectionCommands } from './inspection/commands'
import { peopleCommands } from './people/commands'
import { policyCommands } from './policy/commands'
import { switchCommands } from './policy/switches'
import { quarantineCommands } from './quarantine/commands'
import { receiptCommands } from './receipt/commands'
import { reconciliationCommands } from './reconciliation/commands'
import { requestCommands } from './request/commands'
import { settlementCommands } from './settlements/commands'
import { keyCommands } from './sources/keys'
import { stockCommands } from './stock/commands'
import { storeCreditCommands } from './store-credit/commands'

/** A command whatever it takes and gives; its input is parsed before it runs. */
export type AnyCommand = Command<unknown, unknown>

/** Every command there is, by stage. The API, the pages, the authorisation matrix and the documentation read this list. */
export const COMMANDS: readonly AnyCommand[] = [
  ...claimCommands,
  ...requestCommands,
  ...receiptCommands,
  ...inspectionCommands,
  ...dispositionCommands,
  ...settlementCommands,
  ...exchangeCommands,
  ...storeCreditCommands,
  ...chargebackCommands,
  ...stockCommands,
  ...reconciliationCommands,
  ...bookCommands,
  ...controlCommands,
  ...policyCommands,
  ...switchCommands,
  ...codeCommands,
  ...approvalCommands,
  ...exceptionCommands,
  ...evidenceCommands,
  ...peopleCommands,
  ...quarantineCommands,
  ...keyCommands,
]

const BY_NAME = new Map(COMMANDS.map((each) => [each.name, each]))

export const commandNamed = (name: string): AnyCommand | undefined => BY_NAME.get(name)
