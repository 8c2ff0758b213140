import type { Unread } from '@/components/filters/view-state'
import { UserError } from '@/lib/errors'

/** A page can say what it did not understand; a file goes on without its page, so it is what was asked for or nothing. */
export function refuseUnread([first]: readonly Unread[]): void {
  if (first) throw new UserError('address_unread', `"${first.text}" could not be read. ${first.why}`, 400, 'filter')
}
