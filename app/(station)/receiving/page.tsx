import type { Metadata } from 'next'
import { Receiving } from '@/components/station/receiving'
import { stationOf } from '@/lib/workflow/read/station'
import { stationActor } from '../station-actor'

export const metadata: Metadata = { title: 'Receiving' }

/** The receiving station of a facility. */
export default async function ReceivingPage({
  searchParams,
}: {
  searchParams: Promise<{ facility?: string | string[] }>
}) {
  const actor = await stationActor('/receiving', ['units:receive'])
  const { facility } = await searchParams
  const station = await stationOf(actor, typeof facility === 'string' ? facility : undefined, 'receive')
  return <Receiving key={station.facility.id} station={station} />
}
