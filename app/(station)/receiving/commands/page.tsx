import type { Metadata } from 'next'
import { PrintButton } from '@/components/overview/print-button'
import { Barcode } from '@/components/station/barcode'
import { barcodeOf, COMMAND_CODES } from '@/lib/scan/command-codes'
import { stationActor } from '../../station-actor'

export const metadata: Metadata = { title: 'Command sheet' }

const BACK = '/receiving'
const WHERE = { both: 'Receiving and inspection', receiving: 'Receiving' } as const

/** The commands of the stations as barcodes, to print and hang beside the scanner. */
export default async function CommandSheet() {
  await stationActor('/receiving/commands', ['units:receive', 'units:inspect', 'units:dispose'])
  return (
    <main id="main" className="paper px-4">
      <header className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-lg">Command sheet</h1>
          <p className="text-muted">Scan a command instead of touching the screen.</p>
        </div>
        <span className="noprint flex gap-2">
          <a className="control" href={BACK}>
            Back
          </a>
          <PrintButton />
        </span>
      </header>
      <ul className="st-cards">
        {COMMAND_CODES.map(({ code, does, where }) => (
          <li key={code} className="st-card">
            <p className="text-lg font-medium">{code}</p>
            <p className="mb-3 text-muted">
              {does}. {WHERE[where]}.
            </p>
            <Barcode text={barcodeOf(code)} height={48} label={`Barcode of the command ${code}`} />
          </li>
        ))}
      </ul>
    </main>
  )
}
