// Copies the address of one place in the report, with its key where this browser knows it: somebody else can open it then.
// The link itself leads there, so it works by hand, too.
import { useState } from 'react'

import { report as say } from '@messages/report'
import { useParam } from '@/lib/navigation'
import { shareLink } from '@/lib/report-access'
import { announce } from '@/ui/announcer'

import { CheckSign } from './signs'

export function CopyLink({ to, label }: { to: string; label: string }) {
  const [copied, setCopied] = useState<string>()
  const id = useParam('id')
  const copy = async () => {
    const { origin, pathname } = window.location
    try {
      const shared = shareLink(id, '', to)
      await navigator.clipboard.writeText(shared ?? `${origin}${pathname}#${to}`)
      const words = shared ? say.findings.copiedWithKey : say.findings.copied
      setCopied(words)
      announce(words)
    } catch {
      announce(say.findings.inAddress)
    }
  }
  return (
    <a
      href={`#${to}`}
      aria-label={label}
      title={copied ?? label}
      onClick={() => void copy()}
      onBlur={() => setCopied(undefined)}
      className="no-print -m-2 grid size-11 shrink-0 place-items-center rounded-full text-muted hover:bg-surface hover:text-accent"
    >
      {copied ? (
        <CheckSign className="size-5 text-good" />
      ) : (
        <svg
          viewBox="0 0 20 20"
          className="size-4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeLinecap="round"
          aria-hidden="true"
        >
          <path d="M8.5 11.5a3.2 3.2 0 0 0 4.6 0l2.6-2.6a3.25 3.25 0 0 0-4.6-4.6l-1 1M11.5 8.5a3.2 3.2 0 0 0-4.6 0l-2.6 2.6a3.25 3.25 0 0 0 4.6 4.6l1-1" />
        </svg>
      )}
    </a>
  )
}
