// The help sheet of the keyboard shortcuts, and the switch that turns the single keys off.
import { quiz } from '@messages/quiz'
import { switchShortcuts, useShortcutsOn } from '@/lib/shortcuts'
import { Dialog } from '@/ui/dialog'

const say = quiz.keys

export function KeysSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const on = useShortcutsOn()
  return (
    <Dialog open={open} onClose={onClose} title={say.title}>
      <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-3">
        {say.rows.map(({ keys, does }) => (
          <div key={does} className="contents">
            <dt className="flex flex-wrap gap-1.5">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded border border-edge bg-surface px-2 py-0.5 font-sans text-sm whitespace-nowrap"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="text-muted">{say.typing}</p>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => switchShortcuts(event.target.checked)}
          className="size-5"
        />
        {say.on}
      </label>
    </Dialog>
  )
}
