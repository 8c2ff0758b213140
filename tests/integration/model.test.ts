import { freshDatabases } from '../setup/databases'
import { testSequences } from '../setup/model/sequences'

/** Long ones. `MODEL_RUNS=2000 MODEL_SEED=7` for a long night. */
await freshDatabases()
testSequences({ runs: 60, seed: 1, shortest: 6, longest: 24 })
