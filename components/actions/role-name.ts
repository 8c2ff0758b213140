import { isRole, ROLES } from '@/lib/auth/permissions'
import { humanize } from '@/lib/format'

/** A role as people call it; one that an outside system named is shown as it named it. */
export const roleName = (role: string): string => (isRole(role) ? ROLES[role].label : humanize(role))
