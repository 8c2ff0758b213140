import { freshDatabases } from '../setup/databases'
import { testSequences } from '../setup/model/sequences'

/** Short ones, the second half. `MODEL_RUNS=2000 MODEL_SEED=7` for a long night. */
await freshDatabases()
testSequences({ runs: 1_000, seed: 3, shortest: 4, longest: 8 })
