// The readiness gauge, on the free score and in the report.
export const gauge = {
  bands: {
    early_stage: 'Early stage',
    developing: 'Developing',
    established: 'Established',
    advanced: 'Advanced',
  },
  of: 'of 100',
  /** All that the drawing says, for those who do not see it. */
  inWords: (score: number, band: string, from: number, to: number) =>
    `Readiness score: ${score} of 100. That is in the band “${band}”, which goes from ${from} to ${to}.`,
}
