import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { contentOf, fingerprintOf, resolveInputs } from './inputs'

const folder = mkdtempSync(join(tmpdir(), 'backhaul-inputs-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
mkdirSync(at('deep'))
writeFileSync(at('a.ndjson'), '{"id":"1"}\n')
writeFileSync(at('b.csv.gz'), gzipSync('id\n1\n'))
writeFileSync(at('deep/c.jsonl'), '{}\n')
writeFileSync(at('a.ndjson.rejected.ndjson'), '{}\n')
writeFileSync(at('notes.txt'), 'hello')
writeFileSync(at('no-extension'), '\u{feff}  {"id":"1"}\n')
writeFileSync(at('t.parquet'), 'PAR1')
writeFileSync(at('cut.ndjson.gz'), gzipSync('{"id":"1"}\n'.repeat(1000)).subarray(0, 40))

const names = async (...files: string[]) =>
  (await resolveInputs(files.map(at))).map(({ path, format, compression }) => [
    relative(folder, path),
    format,
    compression,
  ])
const read = async (name: string) => {
  const [input] = await resolveInputs([at(name)])
  const pieces: string[] = []
  if (input) for await (const piece of contentOf(input)) pieces.push(piece.toString())
  return pieces.join('')
}

test('a file, a pattern and a folder stand for their files, rejected lines never among them', async () => {
  rmSync(at('t.parquet'))
  expect(await names('no-extension')).toEqual([['no-extension', 'ndjson', 'none']])
  expect(await names('*.ndjson', 'a.ndjson')).toEqual([['a.ndjson', 'ndjson', 'none']])
  expect(await names('**/*.jsonl')).toEqual([['deep/c.jsonl', 'ndjson', 'none']])
  expect(await names('?.c*')).toEqual([['b.csv.gz', 'csv', 'gzip']])
  expect((await names('')).map(([name]) => name)).toEqual(['a.ndjson', 'b.csv.gz', 'cut.ndjson.gz', 'deep/c.jsonl'])
})

test('what cannot be read is refused with what to do', async () => {
  await expect(resolveInputs([at('nothing-*')])).rejects.toThrow(/no such file, folder or match/)
  writeFileSync(at('t.parquet'), 'PAR1')
  await expect(resolveInputs([at('t.parquet')])).rejects.toThrow(/Parquet is not read here.*JSONEachRow/)
  rmSync(at('t.parquet'))
  await expect(read('cut.ndjson.gz')).rejects.toThrow(/cannot be unpacked to its end/)
})

test('content is unpacked; the fingerprint is of the file as it lies there', async () => {
  expect(await read('b.csv.gz')).toBe('id\n1\n')
  expect(await read('a.ndjson')).toBe('{"id":"1"}\n')
  expect(await fingerprintOf(at('notes.txt'))).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824')
})
