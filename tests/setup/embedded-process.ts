/** A process that holds a data folder and its embedded servers until it is killed; for the test that kills it. */
import { startPostgres } from '../../scripts/servers/postgres'
import { clickhouseService } from '../../scripts/start/embedded'
import { lockDataFolder } from '../../scripts/start/lock'
import { installationSecrets } from '../../scripts/start/secrets'

const [dataDir = ''] = process.argv.slice(2)
lockDataFolder(dataDir)
const secrets = installationSecrets(dataDir)
const [postgres, clickhouse] = await Promise.all([
  startPostgres({ dataDir: `${dataDir}/postgres`, port: 0, password: secrets.postgres }),
  clickhouseService(dataDir, secrets).start(new AbortController().signal),
])
console.log(`pids ${postgres.pid} ${clickhouse.pid}`)
setInterval(() => undefined, 60_000)
