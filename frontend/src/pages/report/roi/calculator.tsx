// What if: the recommendation's return with the reader's own figures, by the same formula.
import type { Recommendation, ReportDocument } from '@/api/schema'

interface RoiCalculatorProps {
  recommendation: Recommendation
  document: ReportDocument
}

export function RoiCalculator({ recommendation, document }: RoiCalculatorProps) {
  return <p data-recommendation={recommendation.id} data-report={document.report_id} />
}
