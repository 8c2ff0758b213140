import { FileText, ImageOff, Lock } from 'lucide-react'
import { fileSize } from '@/lib/format'
import { evidenceFileName } from '@/lib/returns/evidence'
import type { CaseEvidence, EvidenceAbout } from '@/lib/workflow/read/evidence-types'
import { ActionForm } from '../actions/action-form'
import { Picture } from './picture'

interface Words {
  /** An instant as a minute. */
  readonly minute: (iso: string) => string
  /** An instant as a day. */
  readonly day: (iso: string) => string
  /** What a file is about; '' where the page says it already. */
  readonly about: (about: EvidenceAbout) => string
}

/** Photos as pictures, documents as rows; each with who added it, what it proves, how long it is kept, and what may be done with it. */
export function EvidenceList({ files, words }: { files: readonly CaseEvidence[]; words: Words }) {
  const photos = files.filter((each) => each.shown && !each.purged)
  const others = files.filter((each) => !each.shown || each.purged)
  return (
    <>
      {photos.length > 0 ? (
        <ul
          className="grid grid-cols-[repeat(auto-fill,minmax(10rem,1fr))] gap-4 border-t border-line py-3"
          aria-label="Photos"
        >
          {photos.map((each) => (
            <li key={each.sha256} id={idOf(each)} className="min-w-0 text-sm target:bg-sel">
              <a
                className="block overflow-hidden rounded border border-line bg-panel"
                href={hrefOf(each)}
                target="_blank"
                rel="noreferrer"
              >
                <Picture
                  src={`${hrefOf(each)}?thumbnail`}
                  alt={altOf(each, words)}
                  width={320}
                  height={240}
                  loading="lazy"
                  decoding="async"
                  className="aspect-4/3 w-full object-cover"
                />
              </a>
              <Facts file={each} words={words} />
            </li>
          ))}
        </ul>
      ) : null}
      {others.length > 0 ? (
        <ul aria-label="Documents">
          {others.map((each) => (
            <li
              key={each.sha256}
              id={idOf(each)}
              className="grid grid-cols-[auto_1fr] gap-x-3 border-t border-line py-2 text-sm target:bg-sel"
            >
              {each.purged ? (
                <ImageOff size={16} strokeWidth={1.5} aria-hidden="true" className="mt-0.5 text-muted" />
              ) : (
                <FileText size={16} strokeWidth={1.5} aria-hidden="true" className="mt-0.5 text-muted" />
              )}
              <div className="min-w-0">
                {each.purged ? (
                  <p>
                    {kindOf(each)}, destroyed after its retention
                    <span className="text-muted">
                      {' '}
                      by {each.purgedBy}, {each.purgedAt ? words.minute(each.purgedAt) : ''}: {each.purgeReason}
                    </span>
                  </p>
                ) : (
                  <a className="link" href={hrefOf(each)} target="_blank" rel="noreferrer">
                    {kindOf(each)}
                  </a>
                )}
                <Facts file={each} words={words} />
              </div>
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

/** What is known of a file, under its picture or name. */
function Facts({ file, words }: { file: CaseEvidence; words: Words }) {
  const about = file.about.map(words.about).filter(Boolean).join(', ')
  return (
    <div className="mt-1 text-xs text-muted">
      {file.note ? <p className="text-sm text-ink">{file.note}</p> : null}
      <p>
        {about ? `${about}. ` : ''}
        {file.by}, {words.minute(file.at)}, {fileSize(file.bytes)}
      </p>
      {file.purged ? null : (
        <>
          <p>
            {file.due ? 'Its retention ended on ' : 'Kept until '}
            {words.day(file.keepUntil)}
            <span className="sr-only">, {file.retention}</span>
          </p>
          {file.legalHold ? (
            <p className="flex gap-1 text-warn">
              <Lock size={12} strokeWidth={1.5} aria-hidden="true" className="mt-0.5 shrink-0" />
              <span>
                Legal hold: {file.holdReason} ({file.heldBy}
                {file.heldAt ? `, ${words.minute(file.heldAt)}` : ''})
              </span>
            </p>
          ) : null}
          <Decide file={file} words={words} />
        </>
      )}
    </div>
  )
}

/** Hold, lift, destroy, for whoever may; nobody else is told of it at every picture. */
function Decide({ file, words }: { file: CaseEvidence; words: Words }) {
  const { closed } = file
  if (closed.hold !== null) return null
  const thing = kindOf(file).toLowerCase()
  const given = { files: [file.sha256] }
  return (
    <div className="noprint mt-1.5 flex flex-wrap items-start gap-1.5 text-ink">
      {file.legalHold ? (
        <ActionForm
          command="evidence.release_hold"
          title="Lift the hold"
          button={`Lift the hold of this ${thing}`}
          given={given}
          fields={[
            {
              name: 'reason',
              label: `Why. From then on its retention decides: ${words.day(file.keepUntil)}`,
              kind: 'text',
              required: true,
            },
          ]}
        />
      ) : (
        <ActionForm
          command="evidence.hold"
          title="Hold"
          button={`Hold this ${thing}`}
          given={given}
          fields={[
            {
              name: 'reason',
              label: 'Why. Nobody can destroy it until the hold is lifted',
              kind: 'text',
              required: true,
            },
          ]}
        />
      )}
      {closed.destroy === null ? (
        <ActionForm
          command="evidence.purge"
          title="Destroy"
          button={`Destroy this ${thing} for good`}
          given={given}
          fields={[
            {
              name: 'reason',
              label: `Why. ${fileSize(file.bytes)} are destroyed and cannot be brought back; that it was here stays known`,
              kind: 'text',
              required: true,
            },
          ]}
        />
      ) : (
        <span className="self-center text-muted">Not to be destroyed: {lower(closed.destroy)}</span>
      )}
    </div>
  )
}

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1)
const idOf = (file: CaseEvidence): string => `file-${file.sha256.slice(0, 12)}`
const hrefOf = (file: CaseEvidence): string => `/api/v1/evidence/${file.sha256}`

const kindOf = (file: CaseEvidence): string =>
  file.mime === 'application/pdf' ? 'Document (PDF)' : file.shown ? 'Photo' : 'Photo (HEIC, opens as a download)'

function altOf(file: CaseEvidence, words: Words): string {
  const about = file.about.map(words.about).filter(Boolean).join(', ')
  return `Photo ${evidenceFileName(file.sha256, file.mime)}${file.note ? `: ${file.note}` : ''}${about ? `, ${about}` : ''}`
}
