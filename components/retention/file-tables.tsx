import { fileSize } from '@/lib/format'
import type { RetainedFile, RetentionLine } from '@/lib/workflow/read/retention-types'
import { ActionForm } from '../actions/action-form'
import { ScrollRegion } from '../ui/scroll-region'

const TABLE = 'w-full border-separate border-spacing-0 text-sm'

export const kindOf = ({ mime }: { mime: string }): string => (mime === 'application/pdf' ? 'PDF' : 'Photo')

/** What a file is about, as a person names it. */
export const aboutOf = (file: RetainedFile): string =>
  file.rmaId || file.about.map(({ type, id }) => `${type} ${id}`).join(', ') || 'nothing any more'

function Head({ labels, right = [] }: { labels: readonly string[]; right?: readonly string[] }) {
  return (
    <thead>
      <tr>
        {labels.map((label) => (
          <th key={label} scope="col" className={`cell-head ${right.includes(label) ? 'text-right' : 'text-left'}`}>
            {label}
          </th>
        ))}
      </tr>
    </thead>
  )
}

/** How long what is kept, and how much of it there is. */
export function RetentionClasses({
  classes,
  count,
}: {
  classes: readonly RetentionLine[]
  count: (value: number) => string
}) {
  const figures = ['Kept, months', 'Files', 'Size', 'Held', 'Due', 'Destroyed']
  return (
    <ScrollRegion label="Retention classes" rows className="table-box">
      <table className={TABLE}>
        <Head labels={['Class', ...figures]} right={figures} />
        <tbody>
          {classes.map((each) => (
            <tr key={each.id} className="row" tabIndex={-1}>
              <th scope="row" className="cell text-left font-normal">
                {each.label}
              </th>
              <td className="cell num text-right">{each.months}</td>
              <td className="cell num text-right">{count(each.kept)}</td>
              <td className="cell num text-right">{fileSize(each.bytes)}</td>
              <td className="cell num text-right">{count(each.held)}</td>
              <td className="cell num text-right">{count(each.due)}</td>
              <td className="cell num text-right">{count(each.destroyed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

interface Shown {
  readonly files: readonly RetainedFile[]
  readonly hrefOf: (file: RetainedFile) => string | null
  readonly minute: (iso: string) => string
  readonly day: (iso: string) => string
}

function File({ file, hrefOf }: Pick<Shown, 'hrefOf'> & { file: RetainedFile }) {
  const href = hrefOf(file)
  return (
    <th scope="row" className="cell h-auto py-1 text-left font-normal">
      {kindOf(file)}{' '}
      {href ? (
        <a className="link" href={href}>
          {aboutOf(file)}
        </a>
      ) : (
        aboutOf(file)
      )}
      <span className="num block text-xs text-muted">
        {file.sha256.slice(0, 12)}, {fileSize(file.bytes)}
      </span>
    </th>
  )
}

/** What is under a legal hold: why, by whom, and what would be so without it. */
export function HeldFiles({ files, hrefOf, minute, day, may }: Shown & { may: boolean }) {
  return (
    <ScrollRegion label="Legal holds" rows className="table-box">
      <table className={TABLE}>
        <Head labels={['File', 'Why it is held', 'By', 'Retention', ...(may ? ['Lift'] : [])]} />
        <tbody>
          {files.map((each) => (
            <tr key={each.sha256} className="row" tabIndex={-1}>
              <File file={each} hrefOf={hrefOf} />
              <td className="cell h-auto py-1 text-left whitespace-normal">{each.holdReason}</td>
              <td className="cell text-left text-muted">
                {each.heldBy}
                {each.heldAt ? `, ${minute(each.heldAt)}` : ''}
              </td>
              <td className="cell text-left text-muted">until {day(each.keepUntil)}</td>
              {may ? (
                <td className="cell h-auto text-left">
                  <ActionForm
                    command="evidence.release_hold"
                    title="Lift"
                    button="Lift the hold of this file"
                    given={{ files: [each.sha256] }}
                    fields={[
                      {
                        name: 'reason',
                        label: 'Why. Its retention decides from then on, and somebody else may destroy it after that',
                        kind: 'text',
                        required: true,
                      },
                    ]}
                  />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}

/** Tombstones: that something was here, who decided that it goes, when and why. */
export function DestroyedFiles({ files, hrefOf, minute }: Omit<Shown, 'day'>) {
  return (
    <ScrollRegion label="Destroyed" rows className="table-box">
      <table className={TABLE}>
        <Head labels={['File', 'Why', 'Decided by', 'Bytes gone']} />
        <tbody>
          {files.map((each) => (
            <tr key={each.sha256} className="row" tabIndex={-1}>
              <File file={each} hrefOf={hrefOf} />
              <td className="cell h-auto py-1 text-left whitespace-normal">{each.purgeReason}</td>
              <td className="cell text-left text-muted">
                {each.purgedBy}
                {each.purgedAt ? `, ${minute(each.purgedAt)}` : ''}
              </td>
              <td className="cell text-left text-muted">
                {each.destroyedAt ? minute(each.destroyedAt) : 'within seconds'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
