// A report that is ready: the report itself and what can be done with it. Its code comes beside the document.
import type { ReportDocument } from '@/api/schema'
import { ReportActions } from '@/pages/report/actions'
import Viewer from '@/pages/report/viewer'

export default function Ready({ id, document }: { id: string; document: ReportDocument }) {
  return <Viewer document={document} actions={<ReportActions id={id} />} />
}
