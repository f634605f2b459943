// What the API refused and why, in the one shape of every refusal, or that nobody answered.
import type { Problem } from '@/api/schema'

type Code = Problem['code'] | 'offline'

/** Thrown by every call that did not get what it asked for. */
export class ApiProblem extends Error {
  readonly code: Code
  /** 0: no answer came. */
  readonly status: number
  /** What the person who helps will ask for. */
  readonly requestId: string | undefined
  /** By field, as the API names it: `answers/employee_count`. */
  readonly fields: ReadonlyMap<string, string>
  readonly retryAfterSeconds: number | undefined

  private constructor(
    code: Code,
    status: number,
    detail: string,
    more: Partial<Pick<ApiProblem, 'requestId' | 'fields' | 'retryAfterSeconds'>>,
  ) {
    super(detail)
    this.name = 'ApiProblem'
    this.code = code
    this.status = status
    this.requestId = more.requestId
    this.fields = more.fields ?? new Map()
    this.retryAfterSeconds = more.retryAfterSeconds
  }

  /** From an answer that is not a success; the body may be anything, such as a proxy's own page. */
  static of(response: Response, body: unknown): ApiProblem {
    const retry = Number(response.headers.get('Retry-After') ?? Number.NaN)
    const retryAfterSeconds = Number.isFinite(retry) ? retry : undefined
    if (isProblem(body)) {
      const fields = new Map((body.errors ?? []).map((error) => [error.field, error.message]))
      return new ApiProblem(body.code, body.status, body.detail, {
        requestId: body.request_id,
        fields,
        retryAfterSeconds,
      })
    }
    const requestId = response.headers.get('X-Request-Id') ?? undefined
    const code = response.status >= 500 ? 'unavailable' : 'malformed'
    return new ApiProblem(code, response.status, '', { requestId, retryAfterSeconds })
  }

  /** Nothing came back: no network, or nobody there. */
  static offline(): ApiProblem {
    return new ApiProblem('offline', 0, '', {})
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.code === 'offline' || this.status === 429 || this.status === 408 || this.status >= 500
  }
}

export function isProblem(body: unknown): body is Problem {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string' &&
    'status' in body &&
    typeof body.status === 'number'
  )
}
