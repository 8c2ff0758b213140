import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ViewState } from '@/components/filters/view-state'
import { readViewState, type SearchParams } from '@/components/filters/view-state'
import type { PageContext } from '@/components/overview/figure'
import { DENSITIES, type Density } from '@/components/tables/table-types'
import { can } from '@/lib/auth/actor'
import { type Actor, currentActor } from '@/lib/auth/session'
import { env } from '@/lib/env'
import { formatFor } from '@/lib/format'
import { facilityNames } from '@/lib/workflow/read/facilities'
import { define } from './define'
import { naming } from './names'

/** Everything that a page needs to know of who asks and of what was asked. */
export interface Asked {
  actor: Actor
  state: ViewState
  context: PageContext
  density: Density
  rail: 'wide' | 'narrow'
}

/**
 * Reads a request once: the person, the view in the URL, and what the browser remembers. The session is checked here and
 * again in every read (lib/auth); who has none goes to the login and comes back.
 */
export async function asked(path: string, searchParams: Promise<SearchParams>): Promise<Asked> {
  const [params, jar, actor] = await Promise.all([searchParams, cookies(), currentActor()])
  if (!actor) redirect(`/login?callbackUrl=${encodeURIComponent(path)}`)
  const state = readViewState(params, actor.tz ?? env().BACKHAUL_TZ, new Date())
  const format = formatFor({ locale: actor.locale ?? 'en-GB', tz: state.tz, currency: env().BACKHAUL_CURRENCY })
  const facility = [...(await facilityNames(actor))]
  const density = jar.get('density')?.value
  return {
    actor,
    state,
    context: {
      state,
      format,
      define,
      name: naming({ entity: [], channel: [], facility }),
      opens: can(actor, 'rows:read'),
      exports: can(actor, 'rows:export'),
    },
    density: DENSITIES.find((known) => known === density) ?? 'regular',
    rail: jar.get('rail')?.value === 'narrow' ? 'narrow' : 'wide',
  }
}
