// Copies a text and says so; where the browser forbids it, shows the text for copying by hand.
import { useState } from 'react'

import { frame as say } from '@messages/frame'
import { announce } from '@/ui/announcer'
import { Button } from '@/ui/button'

interface CopyButtonProps {
  /** Asked for at the click, so that a secret is not kept in the page. */
  text: () => string
  label: string
  size?: 'normal' | 'small'
}

export function CopyButton({ text, label, size = 'normal' }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'by-hand'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setState('copied')
      announce(say.copied)
    } catch {
      setState('by-hand')
    }
  }
  return (
    <span className="inline-grid gap-2">
      <Button variant="secondary" size={size} onClick={() => void copy()} onBlur={() => setState('idle')}>
        {state === 'copied' ? say.copied : label}
      </Button>
      {state === 'by-hand' && (
        <input
          readOnly
          aria-label={label}
          value={text()}
          onFocus={(event) => event.target.select()}
          className="min-h-11 rounded-lg border border-edge bg-paper px-3"
        />
      )}
    </span>
  )
}
