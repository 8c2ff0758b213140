'use client'
import { X } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Picture } from '../evidence/picture'
import type { Entry } from './entry'

/** The photos of the unit in the hands: what was taken, and whether it has arrived. One that has not gone yet can be taken back. */
export function Shots({
  photos,
  onTakeBack,
}: {
  photos: readonly Entry[]
  onTakeBack: ((photo: Entry) => void) | null
}) {
  if (photos.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-3" aria-label="Photos of this unit">
      {photos.map((photo, index) => (
        <Shot key={photo.id} photo={photo} name={`Photo ${index + 1}`} onTakeBack={onTakeBack} />
      ))}
    </ul>
  )
}

function Shot({
  photo,
  name,
  onTakeBack,
}: {
  photo: Entry
  name: string
  onTakeBack: ((photo: Entry) => void) | null
}) {
  // The picture leaves the queue when the server has it; here it is shown as long as the unit is in the hands.
  const [picture] = useState(() => (photo.action.type === 'photo' ? photo.action.picture : undefined))
  const draw = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image || !picture) return
      const address = URL.createObjectURL(picture)
      image.src = address
      return () => URL.revokeObjectURL(address)
    },
    [picture],
  )
  const waits = photo.state === 'waiting'
  return (
    <li className="grid gap-1">
      {picture || photo.sha256 ? (
        <Picture
          ref={draw}
          src={picture ? undefined : `/api/v1/evidence/${photo.sha256}?thumbnail`}
          alt={name}
          width={160}
          height={120}
          className="h-[7.5rem] w-40 rounded border border-line object-cover"
        />
      ) : null}
      <span className="st-muted flex items-center gap-2">
        {waits ? 'waits to be sent' : 'kept'}
        {waits && onTakeBack ? (
          <button type="button" className="st-small" aria-label={`Take ${name} back`} onClick={() => onTakeBack(photo)}>
            <X size={18} strokeWidth={1.5} aria-hidden="true" />
          </button>
        ) : null}
      </span>
    </li>
  )
}
