import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { unitOf } from '@/lib/workflow/read/case'
import { panelOf } from '../../../panel-of'
import { WorkFrame, workAsked } from '../../../work-frame'
import { CasePage } from '../../case-page'

interface Props {
  params: Promise<{ id: string }>
  searchParams: Promise<SearchParams>
}

export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: decodeURIComponent((await params).id),
})

/** A unit: its return's page, or its own where it was received without one. */
export default async function UnitPage({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).id)
  const path = `/returns/unit/${encodeURIComponent(id)}`
  const asked = await workAsked(path, searchParams, ['cases:read'])
  const unit = await panelOf(() => unitOf(asked.actor, id))
  if (unit.state === 'ok' && 'rmaId' in unit.data)
    redirect(`${href(`/returns/${encodeURIComponent(unit.data.rmaId)}`, asked.state)}#${encodeURIComponent(id)}`)
  return (
    <WorkFrame asked={asked} current="returns" path={path}>
      {unit.state === 'ok' ? (
        'rmaId' in unit.data ? null : (
          <CasePage asked={asked} view={unit.data} />
        )
      ) : (
        <>
          <h1 className="mb-3 text-lg">{id}</h1>
          <PanelMessage panel={unit} links={{ retry: path, clear: href('/returns', asked.state) }} height={320} />
        </>
      )}
    </WorkFrame>
  )
}
