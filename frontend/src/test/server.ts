// The API in tests: answers typed by the same document, `http.get('/api/v1/…', ({ response }) => response(200).json(…))`.
import { setupServer } from 'msw/node'
import { createOpenApiHttp } from 'openapi-msw'

import type { paths } from '@/api/schema'

export const http = createOpenApiHttp<paths>({ baseUrl: 'http://localhost:3000' })
export const server = setupServer()
