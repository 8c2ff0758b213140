import { UserError } from '../../lib/errors'
import { canonical } from './canonical'
import type { Mapping } from './mapping'
import { onlineRetail } from './online-retail/mapping'

export const MAPPINGS: readonly Mapping[] = [canonical, onlineRetail]

/** The mapping of that name; throws a UserError that lists the known ones. */
export function mappingNamed(name: string): Mapping {
  const found = MAPPINGS.find((mapping) => mapping.name === name)
  if (found) return found
  const known = MAPPINGS.map((mapping) => mapping.name).join(', ')
  throw new UserError('mapping_unknown', `There is no mapping "${name}". Known: ${known}`, 400, 'mapping')
}
