// The frame of every room: who is signed in and until when, the way to the other rooms, the heading, help on `?`.
import { type ReactNode, useState } from 'react'

import { admin as say } from '@messages/admin'
import { dateTime } from '@/lib/date'
import { NavLink } from '@/lib/navigation'
import { enableKeys, useKeys, useKeysEnabled } from '@/pages/admin/keys'
import { duration, useNow } from '@/pages/admin/moment'
import { signOut, useOperator } from '@/pages/admin/operator'
import { TokenForm } from '@/pages/admin/token-form'
import { href } from '@/routes'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { Page } from '@/ui/page'

const ROOMS = ['reports', 'vendors', 'proposals', 'audit', 'status'] as const
const WARN_SECONDS = 15 * 60

interface RoomProps {
  title: string
  /** Below the heading: where this is, what it is about. */
  lead?: ReactNode
  /** Beside the heading. */
  actions?: ReactNode
  children: ReactNode
}

export function Room({ title, lead, actions, children }: RoomProps) {
  const [helping, setHelping] = useState(false)
  useKeys({ '?': () => setHelping(true) })
  return (
    <Page title={say.pageTitle(title)} actions={<Who onHelp={() => setHelping(true)} />}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <nav aria-label={say.rooms.label} className="-mt-4 border-b border-rule sm:-mt-8">
          <ul className="-mb-px flex flex-wrap sm:gap-x-1">
            {ROOMS.map((room) => (
              <li key={room}>
                <NavLink
                  to={href.admin(room)}
                  className="inline-flex min-h-11 items-center border-b-2 border-transparent px-1.5 font-medium sm:px-3 text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
                >
                  {say.rooms[room]}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <Expiry />
        <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="grid min-w-0 gap-1">
            <h1 className="text-3xl font-semibold break-words">{title}</h1>
            {lead && <div className="text-muted">{lead}</div>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </div>
        {children}
      </div>
      <KeyHelp open={helping} onClose={() => setHelping(false)} />
    </Page>
  )
}

function Who({ onHelp }: { onHelp: () => void }) {
  const { operator } = useOperator()
  if (!operator) return null
  return (
    <>
      <p className="text-sm leading-tight text-muted">
        <span className="block font-medium break-all text-ink">{operator.actor}</span>
        {say.until(dateTime(operator.expires))}
      </p>
      <Button variant="quiet" size="small" className="max-sm:hidden" onClick={onHelp}>
        {say.keys.open}
      </Button>
      <Button variant="quiet" size="small" onClick={signOut}>
        {say.signOut}
      </Button>
    </>
  )
}

/** In time to take a new token without losing what is being typed. */
function Expiry() {
  const { operator } = useOperator()
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const left = operator ? (Date.parse(operator.expires) - now) / 1000 : Number.POSITIVE_INFINITY
  return (
    <>
      {left < WARN_SECONDS && (
        <div
          role="status"
          className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-warn bg-warn-tint py-2 pr-2 pl-4"
        >
          <p className="font-medium text-warn">
            {left > 0 ? say.expiry.soon(duration(left)) : say.expiry.over}
          </p>
          <Button variant="secondary" size="small" onClick={() => setAsking(true)}>
            {say.expiry.renew}
          </Button>
        </div>
      )}
      <Dialog open={asking} title={say.expiry.renew} onClose={() => setAsking(false)}>
        <TokenForm onDone={() => setAsking(false)} />
      </Dialog>
    </>
  )
}

function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const on = useKeysEnabled()
  return (
    <Dialog open={open} title={say.keys.title} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
        {say.keys.list.map(({ key, does }) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-md border border-edge bg-surface px-2 py-1 font-mono text-sm">
                {key}
              </kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="flex min-h-11 items-center gap-3 border-t border-rule pt-3">
        <input
          type="checkbox"
          checked={on}
          onChange={(event) => enableKeys(event.target.checked)}
          className="size-5"
        />
        {say.keys.enabled}
      </label>
    </Dialog>
  )
}
