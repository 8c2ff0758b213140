import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { BulkForm } from '@/components/requests/bulk-form'
import { WorkFrame, workAsked } from '../../../work-frame'

export const metadata: Metadata = { title: 'Many returns at once' }

/** Returns from a file: checked, created, and accounted for row by row. */
export default async function BulkPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked('/returns/new/bulk', searchParams, ['returns:create'])
  return (
    <WorkFrame asked={request} current="returns" path="/returns/new/bulk">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1 className="text-lg">Many returns at once</h1>
          <p className="max-w-[80ch] text-sm text-muted">
            Every order of the file becomes one return, decided by the same policy as any other. The same file again
            creates nothing.
          </p>
        </div>
        <a className="control" href={href('/returns/new', request.state)}>
          One return
        </a>
      </div>
      <BulkForm />
    </WorkFrame>
  )
}
