import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { PanelMessage } from '@/components/ui/panel'
import { caseOf } from '@/lib/workflow/read/case'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'
import { CasePage } from '../case-page'

interface Props {
  params: Promise<{ rma: string }>
  searchParams: Promise<SearchParams>
}

export const generateMetadata = async ({ params }: Props): Promise<Metadata> => ({
  title: decodeURIComponent((await params).rma),
})

/** One return. */
export default async function ReturnPage({ params, searchParams }: Props) {
  const id = decodeURIComponent((await params).rma)
  const path = `/returns/${encodeURIComponent(id)}`
  const asked = await workAsked(path, searchParams, ['cases:read'])
  const view = await panelOf(() => caseOf(asked.actor, id))
  return (
    <WorkFrame asked={asked} current="returns" path={path}>
      {view.state === 'ok' ? (
        <CasePage asked={asked} view={view.data} />
      ) : (
        <>
          <h1 className="mb-3 text-lg">{id}</h1>
          <PanelMessage panel={view} links={{ retry: path, clear: href('/returns', asked.state) }} height={320} />
        </>
      )}
    </WorkFrame>
  )
}
