import type { Metadata } from 'next'
import { Inspection, type Mode } from '@/components/station/inspection'
import { can } from '@/lib/auth/actor'
import { nextUnit } from '@/lib/workflow/read/next-unit'
import { stationOf } from '@/lib/workflow/read/station'
import { stationActor } from '../station-actor'

export const metadata: Metadata = { title: 'Inspection' }

const DUTY = { inspect: 'inspect', decide: 'dispose' } as const

/** The inspection bench of a facility: units to be looked at, and, for a lead, looked-at units to be decided. */
export default async function InspectionPage({
  searchParams,
}: {
  searchParams: Promise<{ facility?: string | string[]; mode?: string | string[] }>
}) {
  const actor = await stationActor('/inspection', ['units:inspect', 'units:dispose'])
  const asked = await searchParams
  const modes: Mode[] = [
    ...(can(actor, 'units:inspect') ? (['inspect'] as const) : []),
    ...(can(actor, 'units:dispose') ? (['decide'] as const) : []),
  ]
  const mode = modes.find((each) => each === asked.mode) ?? modes[0] ?? 'inspect'
  const station = await stationOf(actor, typeof asked.facility === 'string' ? asked.facility : undefined, DUTY[mode])
  const first = await nextUnit(actor, mode, station.facility)
  return <Inspection key={`${station.facility.id}${mode}`} station={station} mode={mode} modes={modes} first={first} />
}
