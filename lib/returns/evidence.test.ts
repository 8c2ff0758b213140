import { describe, expect, it } from 'vitest'
import { evidenceFileName, isShown, keepUntil, retentionOf, typeOfBytes } from './evidence'

const bytes = (text: string) => Uint8Array.from(text, (each) => each.charCodeAt(0))

describe('what a file is', () => {
  it.each([
    ['\xff\xd8\xff\xe0\x00\x10JFIF', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['\0\0\0\x18ftypheic\0\0\0\0', 'image/heic'],
    ['%PDF-1.7\n', 'application/pdf'],
  ])('is told by its first bytes: %j', (text, type) => {
    expect(typeOfBytes(bytes(text))).toBe(type)
  })

  it.each([
    '',
    'GIF89a',
    '<svg xmlns="http://www.w3.org/2000/svg">',
    '<!doctype html>',
    ' %PDF-1.7',
    'RIFF\x24\0\0\0WAVEfmt ',
    '\0\0\0\x18ftypmp42',
    'PK\x03\x04',
    'MZ',
  ])('and nothing else is taken: %j', (text) => {
    expect(typeOfBytes(bytes(text))).toBeUndefined()
  })

  it('decides whether it is drawn and how it is called', () => {
    expect(['image/png', 'image/heic', 'application/pdf', 'text/html', 'toString'].map(isShown)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
    expect(evidenceFileName('0123456789abcdef0123', 'application/pdf')).toBe('0123456789abcdef.pdf')
  })
})

describe('how long it is kept', () => {
  it('follows from what it is about', () => {
    expect(retentionOf('unit', 'image/jpeg')).toBe('photo')
    expect(retentionOf('unit', 'application/pdf')).toBe('record')
    expect(retentionOf('claim', 'image/jpeg')).toBe('record')
    expect(retentionOf('adjustment', 'image/jpeg')).toBe('record')
  })

  it.each([
    ['photo', '2026-11-23T10:00:00.000Z', '2028-11-23T10:00:00.000Z'],
    ['photo', '2028-02-29T10:00:00.000Z', '2030-02-28T10:00:00.000Z'],
    ['record', '2026-12-31T23:59:59.999Z', '2036-12-31T23:59:59.999Z'],
  ] as const)('%s from %s until %s', (retention, from, until) => {
    expect(keepUntil(retention, new Date(from)).toISOString()).toBe(until)
  })
})
