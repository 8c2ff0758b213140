import { notFound, redirect } from 'next/navigation'
import { can } from '@/lib/auth/actor'
import type { Permission } from '@/lib/auth/permissions'
import { type Actor, currentActor } from '@/lib/auth/session'

/** Who stands at a station: signed in, with one of these permissions; to everybody else there is no such page. */
export async function stationActor(path: string, needs: readonly Permission[]): Promise<Actor> {
  const actor = await currentActor()
  if (!actor) redirect(`/login?callbackUrl=${encodeURIComponent(path)}`)
  if (!needs.some((each) => can(actor, each))) notFound()
  return actor
}
