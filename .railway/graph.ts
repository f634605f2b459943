// Prints what `railway.ts` asks of an environment, as the JSON that Railway's command line compares with what is there.
//
//   RELEASE_BACKEND=… RELEASE_WEB=… RELEASE_STUBS=… npm run graph -- staging

import { readFileSync } from 'node:fs'

import { createRailwayContext, project } from 'railway/iac'

import program from './railway.ts'
import { faults, variablesOf, type Graph, type Name } from './rules.ts'

export async function graphOf(name: Name): Promise<Graph> {
  const context = createRailwayContext({ command: 'plan', environment: name })
  const template = new URL(`../deploy/env/${name}.env`, import.meta.url)
  return {
    name,
    project: await program(context, project),
    variables: variablesOf(readFileSync(template, 'utf8')),
  }
}

if (import.meta.filename === process.argv[1]) {
  const name = process.argv[2]
  if (name !== 'staging' && name !== 'production') {
    console.error('usage: npm run graph -- staging|production')
    process.exit(2)
  }
  const graph = await graphOf(name).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(2)
  })
  console.log(JSON.stringify(graph.project, null, 2))
  for (const fault of faults(graph)) {
    console.error(fault)
    process.exitCode = 1
  }
}
