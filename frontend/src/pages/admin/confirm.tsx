// Asks before something that others will notice.
import type { ReactNode } from 'react'

import { admin as say } from '@messages/admin'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'

interface ConfirmProps {
  open: boolean
  title: string
  /** What the button does, as a verb. */
  verb: string
  danger?: boolean
  onConfirm: () => void
  onClose: () => void
  children: ReactNode
}

export function Confirm({ open, title, verb, danger = false, onConfirm, onClose, children }: ConfirmProps) {
  return (
    <Dialog open={open} title={title} onClose={onClose}>
      <div className="grid gap-3">{children}</div>
      <div className="flex flex-wrap justify-end gap-3 pt-2">
        <Button variant="secondary" onClick={onClose}>
          {say.cancel}
        </Button>
        <Button
          variant={danger ? 'danger' : 'primary'}
          onClick={() => {
            onClose()
            onConfirm()
          }}
        >
          {verb}
        </Button>
      </div>
    </Dialog>
  )
}
