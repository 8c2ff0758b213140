import type { ReactNode } from 'react'
import { NAV_ITEMS, type PageId } from '@/components/shell/nav'
import { Shell } from '@/components/shell/shell'
import { can } from '@/lib/auth/actor'
import { ROLES } from '@/lib/auth/permissions'
import type { FilterOptions, Freshness } from '@/lib/metrics/overview-types'
import { labelOf, named } from './names'
import type { Asked } from './request'
import { SignOut } from './sign-out'

/** The shell around a page, from what was asked. */
export function Frame({
  asked,
  current,
  path,
  own = {},
  options,
  freshness,
  children,
}: {
  asked: Asked
  current: PageId
  path: string
  own?: Record<string, string | undefined>
  options: FilterOptions | null
  /** Null where it could not be read. */
  freshness: Freshness | null
  children: ReactNode
}) {
  const { actor, state, context, rail } = asked
  return (
    <Shell
      current={current}
      state={state}
      viewer={{ name: actor.name, email: actor.email, role: actor.roles.map((role) => ROLES[role].label).join(', ') }}
      signOut={<SignOut />}
      pages={NAV_ITEMS.filter(({ needs }) => needs === null || needs.some((each) => can(actor, each))).map(
        ({ id }) => id,
      )}
      news={
        freshness && can(actor, 'metrics:read')
          ? {
              watermark: freshness.watermark,
              clock: freshness.watermark ? context.format.reach(freshness.watermark) : '',
              behindMs: freshness.behindMs,
              token: freshness.settled ? freshness.token : '',
            }
          : null
      }
      rail={rail}
      filters={
        options
          ? { path, state, options: named(options), format: context.format, own, zones: [], label: labelOf }
          : null
      }
    >
      {children}
    </Shell>
  )
}
