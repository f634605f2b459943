// Saves a quiz's answers as they are given: one request at a time, in the order of the answers, and nothing is ever lost.
//
// An answer is first written to this browser's storage, which all its tabs share, and leaves it when the server has it.
// Whoever sends holds a lock, so two tabs never send the same; what the one learns, the others hear on a channel.
// A version that is stale is merged question by question, and where both sides changed the same one the person decides.
import * as v from 'valibot'

import { ApiProblem } from '@/api/problem'
import { captureError } from '@/lib/telemetry'
import { type Answers, type Entry, isSame, readAnswers, unsentOf, type Value } from '@/lib/unsent'

/** The server's side of a quiz, as far as saving is concerned. */
export interface Door {
  load: () => Promise<View>
  /** Refused with a `conflict` where the server's version is another. */
  save: (version: number, changes: Answers) => Promise<View>
}

const View = v.object({
  version: v.number(),
  status: v.picklist(['in_progress', 'completed', 'expired']),
  answers: v.record(v.string(), v.unknown()),
})

export type View = v.InferOutput<typeof View>

export type SavingState = 'saved' | 'saving' | 'offline' | 'away' | 'refused' | 'clash'

export interface Saving {
  /** As the person gave them, saved or not. */
  answers: Answers
  state: SavingState
  /** Whether what is not saved yet survives a reload. */
  isKept: boolean
  /** Why an answer is not accepted, by question. */
  refused: ReadonlyMap<string, string>
  /** Answered here and elsewhere, and not alike. */
  clashes: ReadonlyMap<string, { mine: Value; theirs: Value }>
  /** How many answers the server does not have, for whatever reason. */
  unsent: number
  /** Nothing can be saved any more: it expired or is unknown, or it was completed. */
  ended: 'gone' | 'completed' | undefined
}

export type Autosave = ReturnType<typeof createAutosave>

/** Typing is sent when it pauses; everything else at once. */
export const TYPING_PAUSE_MS = 700
const LONGEST_WAIT_MS = 30_000
/** In a row, before waiting as after any other failure. */
const MOST_CONFLICTS = 5
const LOCK = 'crb.quiz-send'

export function createAutosave(session: string, first: View, door: Door) {
  const unsent = unsentOf(session)
  const listeners = new Set<() => void>()
  let version = first.version
  let known = readAnswers(first.answers)
  let ended: Saving['ended'] = endOf(first)
  let trouble: 'offline' | 'away' | undefined
  let failures = 0
  /** The server asked for a pause until then. */
  let notBefore = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let turns: Promise<void> = Promise.resolve()
  let channel: BroadcastChannel | undefined
  reconcile()
  let shown = look()

  function look(): Saving {
    const answers: Record<string, Value> = { ...known }
    const refused = new Map<string, string>()
    const clashes = new Map<string, { mine: Value; theirs: Value }>()
    let waiting = 0
    const entries = unsent.entries()
    for (const [question, entry] of entries) {
      if (entry.value === null) delete answers[question]
      else answers[question] = entry.value
      if (entry.refused !== undefined) refused.set(question, entry.refused)
      else if (entry.clash) clashes.set(question, { mine: entry.value, theirs: entry.clash.theirs })
      else waiting += 1
    }
    const calm = clashes.size > 0 ? 'clash' : refused.size > 0 ? 'refused' : 'saved'
    const state = waiting === 0 ? calm : (trouble ?? (calm === 'saved' ? 'saving' : calm))
    return { answers, state, isKept: unsent.isKept(), refused, clashes, unsent: entries.size, ended }
  }

  function changed() {
    shown = look()
    for (const listener of listeners) listener()
  }

  /** Newer news from the server, from whichever tab. */
  function accept(view: View) {
    if (view.version < version) return
    version = view.version
    known = readAnswers(view.answers)
    ended = endOf(view) ?? ended
    reconcile()
  }

  /** What is unsent against what the server has now. */
  function reconcile() {
    for (const [question, entry] of unsent.entries()) {
      const theirs = known[question] ?? null
      const { clash: _, ...rest } = entry
      // What the server has settles nothing between two tabs that it has not heard of.
      if (entry.clash?.nearby) continue
      if (isSame(theirs, entry.value)) unsent.drop(question)
      else if (isSame(theirs, entry.base) || entry.tried.some((value) => isSame(value, theirs))) {
        if (entry.clash) unsent.put(question, { ...rest, base: theirs })
      } else if (entry.refused !== undefined) unsent.put(question, { ...rest, base: theirs })
      else unsent.put(question, { ...rest, clash: { theirs } })
    }
  }

  function due(): [string, Entry][] {
    if (ended) return []
    return [...unsent.entries()].filter(([, entry]) => entry.refused === undefined && !entry.clash)
  }

  function sendIn(delay: number) {
    clearTimeout(timer)
    timer = setTimeout(() => void send(), delay)
  }

  /** One after the other, in this tab and among all. */
  function send(): Promise<void> {
    clearTimeout(timer)
    const wait = notBefore - Date.now()
    if (wait > 0) {
      sendIn(wait)
      return turns
    }
    const before = failures
    turns = turns.then(async () => {
      // Not right after a failure that came since this was asked for: that one has its own next try.
      if (failures > before) return
      if (due().length > 0) {
        if (!window.navigator.onLine) return failed(ApiProblem.offline())
        await alone(sendAll).catch(failed)
      }
      // Somebody else may have sent it.
      if (shown.unsent > 0) changed()
    })
    return turns
  }

  async function sendAll() {
    let conflicts = 0
    // What another tab sent while this one waited for its turn is no longer there.
    for (let batch = due(); batch.length > 0; batch = due()) {
      for (const [question, entry] of batch)
        unsent.put(question, { ...entry, tried: [...entry.tried, entry.value] })
      try {
        const view = await door.save(
          version,
          Object.fromEntries(batch.map(([question, entry]) => [question, entry.value])),
        )
        settle(batch)
        accept(view)
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target but its own origin
        channel?.postMessage(view)
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.isPassing) throw error
        if (error.code === 'conflict' && conflicts < MOST_CONFLICTS) {
          conflicts += 1
          accept(await door.load())
        } else if (error.code === 'conflict' || hasEnded(error)) throw error
        else refuse(batch, error)
      }
      trouble = undefined
      failures = 0
      changed()
    }
  }

  /** The server has these; what was changed meanwhile is now based on them. */
  function settle(batch: readonly [string, Entry][]) {
    for (const [question, sent] of batch) {
      const now = unsent.get(question)
      if (now?.stamp === sent.stamp) unsent.drop(question)
      else if (now) unsent.put(question, { ...now, base: sent.value, tried: [] })
    }
  }

  /** Sets aside what was refused; the rest goes again without it. */
  function refuse(batch: readonly [string, Entry][], error: ApiProblem) {
    const named = batch.filter(([question]) => error.fields.has(fieldOf(question)))
    if (named.length === 0) captureError(new Error(`answers refused as a whole: ${error.code}`))
    for (const [question, sent] of named.length > 0 ? named : batch) {
      const now = unsent.get(question)
      if (now?.stamp !== sent.stamp) continue
      const reason = error.fields.get(fieldOf(question)) ?? error.message
      unsent.put(question, { ...now, tried: sent.tried, refused: reason })
    }
  }

  function failed(error: unknown) {
    if (error instanceof ApiProblem && hasEnded(error)) ended = 'gone'
    else {
      if (!(error instanceof ApiProblem)) captureError(error)
      const asked = error instanceof ApiProblem ? (error.retryAfterSeconds ?? 0) * 1000 : 0
      notBefore = Date.now() + asked
      trouble = error instanceof ApiProblem && error.code === 'offline' ? 'offline' : 'away'
      // Half of it by chance: pages that failed together do not come back together.
      const wait = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** failures) * (0.5 + Math.random() / 2)
      failures += 1
      sendIn(Math.max(asked, wait))
    }
    changed()
  }

  /** What happened elsewhere while nobody looked here. */
  async function refresh() {
    try {
      accept(await door.load())
    } catch (error) {
      if (error instanceof ApiProblem && hasEnded(error)) ended = 'gone'
    }
    changed()
  }

  function put(question: string, value: Value, refused?: string) {
    const before = unsent.get(question)
    const server = known[question] ?? null
    // Whoever answers a question that clashes has seen both.
    const base = before?.clash && !before.clash.nearby ? before.clash.theirs : before ? before.base : server
    const tried = before?.tried ?? []
    if (tried.length === 0 && isSame(value, server) && refused === undefined) unsent.drop(question)
    else {
      const stamp = `${Date.now()}-${Math.random()}`
      unsent.put(question, { value, base, tried, stamp, ...(refused !== undefined && { refused }) })
    }
    changed()
  }

  return {
    read: () => shown,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    /** Keeps the answer and sends it: at once, or when the typing pauses. */
    answer(question: string, value: Value, how: 'at-once' | 'typing' = 'at-once') {
      put(question, value)
      if (how === 'typing') sendIn(TYPING_PAUSE_MS)
      else void send()
    },
    /** The field is left with this in it. Where another tab answered meanwhile, the person is asked. */
    leave(question: string, value: Value) {
      const theirs = look().answers[question] ?? null
      const before = unsent.get(question)
      if (isSame(value, theirs) || before?.clash) return
      const stamp = `${Date.now()}-${Math.random()}`
      const clash = { theirs, nearby: true } as const
      unsent.put(question, {
        value,
        base: before?.base ?? known[question] ?? null,
        tried: before?.tried ?? [],
        stamp,
        clash,
      })
      changed()
    },
    /** Keeps what cannot be an answer yet, and why; it is not sent. */
    hold: (question: string, typed: string, reason: string) => put(question, typed, reason),
    /** The person's choice between two answers to the same question. */
    choose(question: string, whose: 'mine' | 'theirs') {
      const entry = unsent.get(question)
      if (!entry?.clash) return
      if (whose === 'mine') put(question, entry.value)
      else if (entry.clash.nearby) put(question, entry.clash.theirs)
      else unsent.drop(question)
      changed()
      void send()
    },
    /** Resolves when everything is saved, or cannot be for now. */
    async flush(): Promise<Saving> {
      await send()
      return shown
    },
    /** Looks what the server has now. */
    refresh,
    /** Listens to the network, the other tabs and the person's coming and going. */
    start() {
      const online = () => {
        failures = 0
        trouble = undefined
        changed()
        void send()
      }
      const offline = () => {
        trouble = 'offline'
        changed()
      }
      const elsewhere = (event: StorageEvent) => {
        if (unsent.owns(event.key)) changed()
      }
      const visible = () => {
        if (document.visibilityState === 'visible') void refresh()
        // Also what a tab that was closed has left behind.
        void send()
      }
      const leaving = (event: BeforeUnloadEvent) => {
        if (!unsent.isKept()) event.preventDefault()
      }
      window.addEventListener('online', online)
      window.addEventListener('offline', offline)
      window.addEventListener('storage', elsewhere)
      window.addEventListener('beforeunload', leaving)
      document.addEventListener('visibilitychange', visible)
      const own = listen(session, (view) => {
        accept(view)
        changed()
      })
      channel = own
      void send()
      return () => {
        window.removeEventListener('online', online)
        window.removeEventListener('offline', offline)
        window.removeEventListener('storage', elsewhere)
        window.removeEventListener('beforeunload', leaving)
        document.removeEventListener('visibilitychange', visible)
        void send().then(() => {
          clearTimeout(timer)
          own?.close()
          if (channel === own) channel = undefined
        })
      }
    },
  }
}

/** The field of an answer as the API names it: a JSON pointer. */
export const fieldOf = (question: string) => `answers/${question.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** A wrong token and a wrong id look alike. */
const hasEnded = (problem: ApiProblem) => [401, 404, 410].includes(problem.status)

function endOf(view: View): Saving['ended'] {
  if (view.status === 'in_progress') return undefined
  return view.status === 'completed' ? 'completed' : 'gone'
}

/** Without locks two tabs may send the same answer twice, which the server takes as what it is: the same answer. */
async function alone(work: () => Promise<void>): Promise<void> {
  if ('locks' in window.navigator) await window.navigator.locks.request(LOCK, work)
  else await work()
}

function listen(session: string, hear: (view: View) => void): BroadcastChannel | undefined {
  if (!('BroadcastChannel' in window)) return undefined
  const channel = new BroadcastChannel(`crb.quiz.${session}`)
  channel.addEventListener('message', (event) => {
    // Another tab may still run another release.
    const parsed = v.safeParse(View, event.data)
    if (parsed.success) hear(parsed.output)
  })
  return channel
}
