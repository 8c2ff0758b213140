import './label.css'
import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { PrintButton } from '@/components/overview/print-button'
import { Barcode } from '@/components/station/barcode'
import { currentActor } from '@/lib/auth/session'
import { UserError } from '@/lib/errors'
import { type RmaLabel, rmaLabel } from '@/lib/workflow/read/rma-label'

export const metadata: Metadata = { title: 'Return label' }

/** The label of a return, 100 × 50 mm: one to a sheet, as label printers take it. */
export default async function LabelPage({ params }: { params: Promise<{ rma: string }> }) {
  const { rma } = await params
  const path = `/returns/${rma}/label`
  const actor = await currentActor()
  if (!actor) redirect(`/login?callbackUrl=${encodeURIComponent(path)}`)
  const label = await rmaLabel(actor, decodeURIComponent(rma)).catch((error: unknown) => {
    if (error instanceof UserError) notFound()
    throw error
  })
  return (
    <main id="main" className="label-page">
      <header className="noprint mb-4 flex flex-wrap items-center gap-3">
        <h1 className="mr-auto text-lg">Label of {label.rmaId}</h1>
        <a className="control" href={`/returns/${rma}`}>
          Back to the return
        </a>
        {label.closed ? null : <PrintButton />}
      </header>
      {label.closed ? <p className="mb-4 text-warn">{label.closed}</p> : null}
      <Label label={label} />
    </main>
  )
}

function Label({ label }: { label: RmaLabel }) {
  const [first, ...more] = label.items
  return (
    <section className="label" aria-label={`Label of ${label.rmaId}`}>
      <div className="label-head">
        <p>
          Return to <b>{label.to.name}</b>
          {label.to.country ? `, ${label.to.country}` : ''}
        </p>
        <p className="num">
          {label.pieces} {label.pieces === 1 ? 'piece' : 'pieces'}
        </p>
      </div>
      <div className="label-code">
        <Barcode text={label.rmaId} height={70} label={`Barcode of ${label.rmaId}`} />
      </div>
      <p className="label-id num">{label.rmaId}</p>
      <div className="label-head">
        <p className="truncate">
          {first ? `${first.quantity} × ${first.name}` : ''}
          {more.length > 0 ? ` and ${more.length} more` : ''}
        </p>
        <p className="num shrink-0">
          {label.tracking ? `${label.carrier} ${label.tracking}` : `Order ${label.orderId}`}
        </p>
      </div>
    </section>
  )
}
