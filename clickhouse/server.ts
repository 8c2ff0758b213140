/**
 * The embedded ClickHouse: the real server out of npm's chdb, in this process, until it is told to stop.
 *
 *   node --import tsx clickhouse/server.ts CONFIG_FILE DATA_DIR HTTP_PORT TCP_PORT
 *
 * The engine lives as long as its --query runs, and needs a thread with a native stack (runInNewThread). Stopping is
 * SIGKILL: an acknowledged part is committed by rename and nothing is buffered, while a clean exit would run static
 * destructors of the library, which crash.
 */
import { libchdbPath } from 'chdb/libchdb'
import { DataType, load, open } from 'ffi-rs'

const [configFile, dataDir, httpPort, tcpPort] = process.argv.slice(2)
if (!configFile || !dataDir || !httpPort || !tcpPort) throw new Error('CONFIG_FILE DATA_DIR HTTP_PORT TCP_PORT')

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.kill(process.pid, 'SIGKILL'))

const forever =
  'SELECT count() FROM numbers(1000000000) WHERE NOT ignore(sleepEachRow(3)) ' +
  'SETTINGS max_block_size=1, max_threads=1, max_execution_time=0 FORMAT Null'
const argv = [
  'clickhouse',
  `--config-file=${configFile}`,
  `--path=${dataDir}`,
  // The level of the configuration holds only from its first reload on.
  '--log-level=warning',
  '--listen_host=127.0.0.1',
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  `--query=SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP; ${forever}`,
]
open({ library: 'chdb', path: libchdbPath() })
await load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
  runInNewThread: true,
})
console.error('clickhouse: the engine did not start (see the lines above)')
process.kill(process.pid, 'SIGKILL')
