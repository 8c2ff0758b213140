import type { Metadata } from 'next'
import { href, type SearchParams } from '@/components/filters/view-state'
import { DestroyFiles } from '@/components/retention/destroy-files'
import { aboutOf, DestroyedFiles, HeldFiles, kindOf, RetentionClasses } from '@/components/retention/file-tables'
import { PanelMessage, Section } from '@/components/ui/panel'
import { can, whyNot } from '@/lib/auth/actor'
import { retentionView } from '@/lib/workflow/read/retention'
import type { RetainedFile, RetainedFiles } from '@/lib/workflow/read/retention-types'
import { panelOf } from '../../panel-of'
import { WorkFrame, workAsked } from '../../work-frame'

export const metadata: Metadata = { title: 'Retention' }

const PATH = '/settings/retention'

/** How long photos and documents are kept: what is held, what is due to be destroyed, what was. */
export default async function RetentionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const request = await workAsked(PATH, searchParams, ['evidence:hold', 'audit:read'])
  const { actor, state, context } = request
  const { format } = context
  const read = await panelOf(() => retentionView(actor))
  const may = can(actor, 'evidence:hold')
  const minute = (iso: string) => format.moment(iso)
  const day = (iso: string) => format.dated(iso)
  const hrefOf = (file: RetainedFile) =>
    file.rmaId && can(actor, 'cases:read')
      ? `${href(`/returns/${encodeURIComponent(file.rmaId)}`, state)}#evidence`
      : null
  const lead = (text: string, of: RetainedFiles) => (
    <p className="mb-2 max-w-[80ch] text-sm text-muted">
      {text}
      {of.count > of.files.length
        ? ` ${format.count(of.count)} in all; the first ${format.count(of.files.length)} are shown.`
        : ''}
    </p>
  )
  return (
    <WorkFrame asked={request} current="settings" path={PATH}>
      <h1 className="text-lg">Retention</h1>
      <p className="mb-4 max-w-[80ch] text-sm text-muted">
        How long photos and documents are kept, in your part of the company. What is destroyed leaves its row: that it
        was here, who decided, and why.
        {may ? '' : ` ${whyNot(actor, 'evidence:hold')}`}
      </p>
      {read.state === 'ok' ? (
        <div className="flex flex-col gap-8">
          <Section id="classes" title="Classes">
            <RetentionClasses classes={read.data.classes} count={format.count} />
          </Section>
          <Section id="held" title={`Under a legal hold: ${format.count(read.data.held.count)}`}>
            {lead('Nobody can destroy these, whatever their retention says.', read.data.held)}
            {read.data.held.files.length > 0 ? (
              <HeldFiles files={read.data.held.files} hrefOf={hrefOf} minute={minute} day={day} may={may} />
            ) : null}
          </Section>
          <Section id="due" title={`Past its retention: ${format.count(read.data.due.count)}`}>
            {lead(
              read.data.due.count > 0
                ? 'Neither held nor destroyed. Whoever lifted a hold does not decide on that file.'
                : 'Nothing is due.',
              read.data.due,
            )}
            {read.data.due.files.length > 0 ? (
              <DestroyFiles
                may={may}
                files={read.data.due.files.map((file) => ({
                  ...{ sha256: file.sha256, bytes: file.bytes, what: kindOf(file), about: aboutOf(file) },
                  ...{ href: hrefOf(file), ended: day(file.keepUntil), closed: file.closed },
                }))}
              />
            ) : null}
          </Section>
          <Section id="destroyed" title={`Destroyed: ${format.count(read.data.destroyed.count)}`}>
            {lead(
              read.data.destroyed.count > 0 ? 'Files that were destroyed after their retention.' : 'Nothing yet.',
              read.data.destroyed,
            )}
            {read.data.destroyed.files.length > 0 ? (
              <DestroyedFiles files={read.data.destroyed.files} hrefOf={hrefOf} minute={minute} />
            ) : null}
          </Section>
        </div>
      ) : (
        <PanelMessage panel={read} links={{ retry: PATH, clear: PATH }} height={320} />
      )}
    </WorkFrame>
  )
}
