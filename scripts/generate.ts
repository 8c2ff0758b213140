/**
 * `npm run generate`: writes every file that is made from a definition in the code. With `--check` it writes nothing and fails when a file is
 * not what its definition gives.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventSchemas } from './generators/event-schemas'
import type { Generator } from './generators/generator'
import { openApiFile } from './generators/openapi'

const GENERATORS: readonly Generator[] = [eventSchemas, openApiFile]
const ROOT = join(import.meta.dirname, '..')

interface Difference {
  readonly file: string
  /** `undefined`: the file must go. */
  readonly content: string | undefined
}

/** The files of a generator that are not as their definition says. */
async function differences({ folder, files }: Generator): Promise<Difference[]> {
  const wanted = await files()
  const at = join(ROOT, folder)
  const present = existsSync(at) ? readdirSync(at).filter((name) => !name.startsWith('.') && name !== 'README.md') : []
  const stale = [...wanted].filter(
    ([name, content]) => !present.includes(name) || readFileSync(join(at, name), 'utf8') !== content,
  )
  return [
    ...stale.map(([name, content]) => ({ file: join(folder, name), content })),
    ...present.filter((name) => !wanted.has(name)).map((name) => ({ file: join(folder, name), content: undefined })),
  ]
}

const check = process.argv.includes('--check')
for (const generator of GENERATORS) {
  for (const { file, content } of await differences(generator)) {
    if (check) {
      console.error(`${file} is stale: run "npm run generate" and commit it.`)
      process.exitCode = 1
    } else if (content === undefined) {
      rmSync(join(ROOT, file))
      console.log(`removed ${file}`)
    } else {
      mkdirSync(join(ROOT, generator.folder), { recursive: true })
      writeFileSync(join(ROOT, file), content)
      console.log(`wrote ${file}`)
    }
  }
}
