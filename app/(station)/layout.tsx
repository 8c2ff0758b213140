import '../station.css'
import type { Metadata } from 'next'
import type { ReactNode } from 'react'

export const metadata: Metadata = { title: 'Station' }

/** Stations stand alone on a screen: no rail, no bar, nothing that a glove could open by mistake. */
export default function StationLayout({ children }: { children: ReactNode }) {
  return children
}
