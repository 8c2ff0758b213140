/** Photos and documents of a case: what may be kept, for how long, and what it is by its own bytes. */

/** 10 MB: a page of a scanner or a camera's largest picture, and what a request may carry. */
export const LARGEST_EVIDENCE = 10_000_000

export const EVIDENCE_SUBJECTS = ['unit', 'rma', 'claim', 'exception', 'adjustment'] as const
export type EvidenceSubject = (typeof EVIDENCE_SUBJECTS)[number]

/** How long which evidence is kept, in months. What the books rest on is kept as long as the books. */
export const RETENTION = {
  photo: { label: 'Photo of goods', months: 24 },
  record: { label: 'Record of a claim, an adjustment or a disposal', months: 120 },
} as const
export type RetentionClass = keyof typeof RETENTION

/** The class of what is added to a subject: pictures of goods are short-lived, everything that money or stock rests on is not. */
export const retentionOf = (subject: EvidenceSubject, mime: string): RetentionClass =>
  subject === 'claim' || subject === 'adjustment' || !mime.startsWith('image/') ? 'record' : 'photo'

/** The end of a class's retention, counted from `from`; a month that is too short ends it on its last day. */
export function keepUntil(retention: RetentionClass, from: Date): Date {
  const end = new Date(from)
  const day = end.getUTCDate()
  end.setUTCDate(1)
  end.setUTCMonth(end.getUTCMonth() + RETENTION[retention].months)
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(day, last))
  return end
}

/** What is taken, with the ending of its file name. `shown`: browsers draw it, and it can carry no script. */
export const EVIDENCE_TYPES = {
  'image/jpeg': { ending: 'jpg', shown: true },
  'image/png': { ending: 'png', shown: true },
  'image/webp': { ending: 'webp', shown: true },
  'image/heic': { ending: 'heic', shown: false },
  'application/pdf': { ending: 'pdf', shown: false },
} as const
export type EvidenceType = keyof typeof EVIDENCE_TYPES

const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'])

/** What a file is by its first bytes, whatever its name or sender says; undefined for what is not taken. */
export function typeOfBytes(bytes: Uint8Array): EvidenceType | undefined {
  const ascii = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'image/webp'
  if (ascii(4, 8) === 'ftyp' && HEIC_BRANDS.has(ascii(8, 12))) return 'image/heic'
  if (ascii(0, 5) === '%PDF-') return 'application/pdf'
  return undefined
}

/** Whether a browser may draw it in a page. */
export const isShown = (mime: string): boolean => isEvidenceType(mime) && EVIDENCE_TYPES[mime].shown

/** The name that a downloaded file gets: it begins as its content address does. */
export const evidenceFileName = (sha256: string, mime: string): string =>
  `${sha256.slice(0, 16)}.${isEvidenceType(mime) ? EVIDENCE_TYPES[mime].ending : 'bin'}`

const isEvidenceType = (mime: string): mime is EvidenceType => Object.hasOwn(EVIDENCE_TYPES, mime)
