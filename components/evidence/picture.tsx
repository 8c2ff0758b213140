/* oxlint-disable next/no-img-element -- the bytes are evidence: served as they were added, never made anew by an image service */
import type { ComponentProps } from 'react'

/** A photo that is evidence, or will be. */
// biome-ignore lint/performance/noImgElement: see above
export const Picture = ({ alt, ...more }: ComponentProps<'img'> & { alt: string }) => <img alt={alt} {...more} />
