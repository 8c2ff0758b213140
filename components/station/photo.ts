'use client'
import { sendFile } from '../evidence/send-file'
import type { Action, Entry } from './entry'
import type { Worked } from './sender'

/** Long side of a photo as it is kept: enough to read a label, a tenth of what the camera makes. */
const LONGEST = 1600
const QUALITY = 0.82

export type PhotoAction = Extract<Action, { type: 'photo' }>

/**
 * A camera's picture as an entry of the queue: made small on the device, the right way up, without where it was taken. What this browser cannot read
 * goes as it is, and the server says what it thinks of it.
 */
export async function photoOf(file: File, unitId: string | null): Promise<PhotoAction> {
  return { type: 'photo', unitId, picture: await smaller(file).catch(() => file), label: 'Photo' }
}

async function smaller(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
}

/** Works a photo of the queue: sends it to its unit. Once it is kept, or refused for good, the browser need not keep it. */
export async function workPhoto(
  action: PhotoAction,
  lastUnit: string | null,
): Promise<Worked | 'unreachable' | 'signed-out'> {
  const unitId = action.unitId ?? lastUnit
  const { picture, ...without } = action
  if (!unitId)
    return { entry: { action: without, tone: 'wrong', title: 'Photo of nothing', detail: 'Receive something first.' } }
  if (!picture) return { entry: { tone: 'info', title: 'Photo', detail: 'It was sent before.' } }
  const sent = await sendFile(picture, { type: 'unit', id: unitId }, { name: 'photo.jpg' })
  if (sent.state === 'unreachable') return 'unreachable'
  if (sent.state === 'refused')
    return sent.code === 'unauthenticated'
      ? 'signed-out'
      : { entry: { action: without, tone: 'wrong', title: 'The photo was not kept', detail: sent.message } }
  return {
    entry: {
      action: { ...without, unitId },
      ...{ tone: 'right', title: 'The photo is kept', detail: unitId, sha256: sent.sha256 },
    },
  }
}

/** The photos of a unit in the queue, oldest first, without those that were taken back or refused. */
export const photosOf = (entries: readonly Entry[], unitId: string): Entry[] =>
  entries
    .filter(
      ({ action, state, tone }) =>
        action.type === 'photo' && action.unitId === unitId && state !== 'cancelled' && tone !== 'wrong',
    )
    .reverse()

/** A photo that was taken back before it went: nothing of it stays in this browser. */
export function takenBack({ action }: Entry): Partial<Entry> {
  if (action.type !== 'photo') return {}
  const { picture: _, ...without } = action
  return { state: 'cancelled', action: without }
}
