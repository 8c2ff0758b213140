import type { CaseView } from '@/lib/workflow/read/case-types'
import type { EvidenceAbout } from '@/lib/workflow/read/evidence-types'
import { type Addable, AddFile } from '../evidence/add-file'
import { EvidenceList } from '../evidence/evidence-list'

/** What a case rests on: its photos and documents, and the way to add one. `closed` says what the reader may not and why; '' where they may. */
export function CaseEvidencePart({
  view,
  closed,
  minute,
  day,
}: {
  view: CaseView
  closed: { readonly add: string; readonly hold: string }
  minute: (iso: string) => string
  day: (iso: string) => string
}) {
  const files = view.evidence
  if (!files) return null
  const several = view.units.length > 1
  const nameOf = (id: string): string => {
    const unit = view.units.find((each) => each.id === id)
    return unit ? `${unit.name || unit.sku || 'Unit'} ${unit.id}` : id
  }
  const about = ({ type, id }: EvidenceAbout): string => {
    if (type === 'unit') return several ? nameOf(id) : ''
    if (type === 'rma') return several ? 'The whole return' : ''
    return `${type === 'claim' ? 'Claim' : 'Exception'} ${id}`
  }
  const held = files.filter(({ legalHold }) => legalHold).length
  return (
    <section aria-labelledby="evidence">
      <h2 id="evidence" className="mb-2 text-md">
        Photos and documents
        {files.length > 0 ? (
          <span className="ml-2 text-sm font-normal text-muted">
            {files.length}
            {held > 0 ? `, ${held} under a legal hold` : ''}
          </span>
        ) : null}
      </h2>
      {files.length === 0 ? <p className="border-t border-line py-2 text-sm text-muted">None yet.</p> : null}
      <EvidenceList files={files} words={{ minute, day, about }} />
      {closed.add === '' ? (
        <AddFile subjects={subjectsOf(view)} />
      ) : (
        <p className="border-t border-line py-2 text-sm text-muted">{closed.add}</p>
      )}
      {closed.hold !== '' && files.length > 0 ? <p className="pt-1 text-xs text-muted">{closed.hold}</p> : null}
    </section>
  )
}

/** What a file can be about here: with one unit it is about that, with several the person says which. */
function subjectsOf(view: CaseView): Addable[] {
  const units = view.units
    .filter(({ split }) => !split)
    .map((unit): Addable => ({ type: 'unit', id: unit.id, label: `${unit.name || unit.sku || 'Unit'} ${unit.id}` }))
  if (view.unmatched || units.length === 1) return units
  return [{ type: 'rma', id: view.id, label: 'The whole return' }, ...units]
}
