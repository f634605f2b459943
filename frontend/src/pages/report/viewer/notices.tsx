// What a reader must know about the report itself: who wrote the words, what the checks noted.
import { report as say } from '@messages/report'
import { words } from '@messages/report-words'

import { useReport } from './lookup'
import { Fold, Lines } from './section'

export function Notices() {
  const { report } = useReport()
  const notes = warningTexts(report.warnings)
  return (
    <div className="keep grid gap-1 border-t border-rule pt-4 text-sm">
      <p className="text-muted">{report.writer === 'offline' ? say.offline : say.claude}</p>
      {notes.length > 0 && (
        <Fold summary={say.notes(notes.length)}>
          <Lines items={notes} className="pb-2 text-muted" />
        </Fold>
      )}
    </div>
  )
}

/** Each kind of note once, in words. */
export function warningTexts(warnings: readonly { code: string }[]): string[] {
  const codes = new Set(warnings.map(({ code }) => code))
  return [...codes].map((code) => words.warning[code] ?? say.unknownNote(code))
}
