// Asks before a quiz is forgotten on this device.
import { quiz } from '@messages/quiz'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'

const say = quiz.startOver

interface StartOverProps {
  open: boolean
  onClose: () => void
  onConfirm: () => void
}

export const StartOver = ({ open, onClose, onConfirm }: StartOverProps) => (
  <Dialog open={open} onClose={onClose} title={say.title}>
    <p>{say.text}</p>
    <div className="flex flex-wrap gap-3">
      <Button onClick={onClose}>{say.cancel}</Button>
      <Button variant="danger" onClick={onConfirm}>
        {say.confirm}
      </Button>
    </div>
  </Dialog>
)
