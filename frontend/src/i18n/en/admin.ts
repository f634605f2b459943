// The operator's rooms. Short: it is read all day.
const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`

const deeds = new Map<string, (entity: string) => string>([
  ['create', (entity) => `Added a ${entity}`],
  ['update', (entity) => `Changed a ${entity}`],
  ['deprecate', (entity) => `Took out a ${entity}`],
  ['price', () => 'Noted a price'],
  ['look_up_prices', () => 'Looked prices up'],
  ['accepted', () => 'Accepted a price'],
  ['rejected', () => 'Rejected a price'],
  ['retry', (entity) => `Queued a ${entity} again`],
  ['flush', () => 'Emptied the cache'],
])

export const admin = {
  pageTitle: (room: string) => `${room} · Operators`,
  yes: 'Yes',
  no: 'No',
  nothing: 'None',
  cancel: 'Cancel',
  undo: 'Undo',
  newWindow: '(opens in a new window)',
  signOut: 'Sign out',
  until: (moment: string) => `until ${moment}`,
  ago: (duration: string) => `${duration} ago`,
  units: {
    milliseconds: (number: number | string) => `${number} ms`,
    seconds: (number: number | string) => `${number} s`,
    minutes: (number: number) => `${number} min`,
    hours: (number: number) => `${number} h`,
    days: (number: number) => `${number} days`,
  },
  rooms: {
    label: 'Rooms',
    reports: 'Reports',
    vendors: 'Vendors',
    proposals: 'Proposals',
    audit: 'Audit',
    status: 'Status',
  },
  signIn: {
    title: 'Operators: sign in',
    token: 'Operator token',
    help: 'It stays in this tab and is forgotten when you close it.',
    go: 'Sign in',
    done: (actor: string) => `Signed in as ${actor}`,
    notAToken: 'This is not an operator token. A whole one begins with crb1. and has three parts.',
    refused: 'This token is not accepted. It may have expired. Make a new one and paste it here.',
    tooMany: (seconds: number | undefined) =>
      `Too many refused tokens from your address. ${seconds === undefined ? 'Wait a minute' : `Wait ${count(seconds, 'second', 'seconds')}`} and try again.`,
    ended: 'Your token is no longer accepted.',
    back: 'Sign in again and you are back where you were.',
    how: 'How do I get a token?',
    howText:
      'Run this where the backend runs. The token names you in the audit log and expires within a day.',
    command: 'crb admin-token --actor you@example.org',
  },
  expiry: {
    soon: (left: string) => `Your token expires in ${left}.`,
    over: 'Your token has expired.',
    renew: 'Use a new token',
  },
  keys: {
    open: 'Keys',
    title: 'Keyboard',
    list: [
      { key: 'j', does: 'Next row' },
      { key: 'k', does: 'Row before' },
      { key: 'Enter', does: 'Open the row' },
      { key: '/', does: 'Search vendors' },
      { key: '?', does: 'This help' },
      { key: 'Esc', does: 'Close a dialog' },
    ],
    enabled: 'Single keys work on these pages',
  },
  list: {
    loading: 'Loading the list',
    some: (shown: number) => `${shown} shown`,
    all: (shown: number) => `${shown} in all`,
    more: 'Show more',
    added: (number: number) => `${count(number, 'row', 'rows')} added`,
  },
  refresh: {
    updated: (at: string) => `Updated ${at}.`,
    every: (seconds: number) => `Every ${seconds} seconds.`,
    paused: 'Paused.',
    pause: 'Pause',
    now: 'Refresh now',
    failed: (at: string) => `The newest state did not come. This is how it stood at ${at}.`,
  },
  audit: {
    title: 'Audit',
    lead: 'Who changed what, newest first.',
    columns: { what: 'What', changes: 'Changes', actor: 'Who', at: 'When' },
    did: (action: string, entity: string) =>
      deeds.get(action)?.(entity.replaceAll('_', ' ')) ?? `${action} ${entity}`.replaceAll('_', ' '),
    before: 'before:',
    after: 'after:',
    noChanges: 'No details',
    empty: 'Nothing was changed yet',
    emptyText: 'Every change by an operator is written down here.',
  },
}
