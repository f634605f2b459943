// The sample document as the API serves it (`GET /api/v1/reports/sample`), for tests.
import type { ReportDocument } from '@/api/schema'

import sample from './sample-report.json?raw'

/** Checked against the API's types by the backend, which writes it; parsed anew, so that no test changes another's. */
export const freshSample = (): ReportDocument => JSON.parse(sample)

export const sampleReport = freshSample()
