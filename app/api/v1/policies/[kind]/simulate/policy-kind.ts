import { UserError } from '@/lib/errors'
import { POLICY_KINDS, type PolicyKindName } from '@/lib/workflow/read/settings-types'

/** The policy that an address names. */
export function policyKind(asked: string): PolicyKindName {
  const kind = POLICY_KINDS.find((each) => each === asked)
  if (!kind)
    throw new UserError('not_found', `There is no policy ${asked}. There are ${POLICY_KINDS.join(', ')}.`, 404, 'kind')
  return kind
}
