/** Makes files from a definition in the code. Whoever adds one names it in scripts/generate.ts. */
export interface Generator {
  readonly name: string
  /** The folder that it owns whole: what it does not make is removed. Relative to the repository. */
  readonly folder: string
  /** Contents by file name. The same definition always gives the same bytes. */
  files(): ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>
}
