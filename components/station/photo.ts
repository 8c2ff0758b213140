'use client'
import type { Answer } from './ask'

/** Long side of a photo as it is kept: enough to read a label, a tenth of what the camera makes. */
const LONGEST = 1600
const QUALITY = 0.82

/** Makes a camera's picture small on the device, turned the right way up. */
async function smaller(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY })
}

/** Adds a photo to a unit; answers its content address. */
export async function addPhoto(file: File, unitId: string): Promise<Answer<{ sha256: string }>> {
  try {
    const body = new FormData()
    body.set('file', await smaller(file), 'photo.jpg')
    body.set('subjectType', 'unit')
    body.set('subjectId', unitId)
    const response = await fetch('/api/v1/evidence', { method: 'POST', body })
    const answer: { sha256?: string; error?: { code: string; message: string } } = await response.json()
    if (answer.error) return { state: 'refused', ...answer.error }
    return answer.sha256 ? { state: 'ok', value: { sha256: answer.sha256 } } : { state: 'unreachable' }
  } catch {
    return { state: 'unreachable' }
  }
}
