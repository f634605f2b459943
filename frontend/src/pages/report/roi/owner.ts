// Whose scenario the address holds. Apart from the calculator, which comes only when somebody opens it.

/** The name of the recommendation's id in the address: `?roi=r-01&…`. */
export const OWNER = 'roi'

/** A recommendation's id, such as `r-01`. */
export const scenarioOwner = (search: string) => new URLSearchParams(search).get(OWNER) ?? undefined
