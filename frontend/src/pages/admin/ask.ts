// Calls in the operator's name. Whatever is refused for its token leads back to the sign-in.
import { bearer, call } from '@/api/client'
import { ApiProblem } from '@/api/problem'
import { currentOperator, refuse } from '@/pages/admin/operator'

type Pending<Data> = Parameters<typeof call<Data>>[0]

/** What every call of an operator carries. */
type AsOperator = {
  headers: { Authorization: string }
  /** Vendors are public and kept by browsers for minutes; an operator looks at what is there now. */
  cache: 'no-cache'
}

export async function ask<Data>(request: (as: AsOperator) => Pending<Data>): Promise<Data> {
  const token = currentOperator()?.token ?? ''
  try {
    return await call(request({ headers: bearer(token), cache: 'no-cache' }))
  } catch (error) {
    if (isRefusal(error)) refuse(token)
    throw error
  }
}

/** The sign-in is shown then; no other notice is needed. */
export const isRefusal = (error: unknown) => error instanceof ApiProblem && error.status === 401

/** Somebody else was faster. */
export const isConflict = (error: unknown) =>
  error instanceof ApiProblem && (error.status === 409 || error.status === 412)
