// Answers that the server does not have yet: one entry a question, in this browser's storage, shared by its tabs.
import * as v from 'valibot'

import { stored } from '@/lib/storage'

/** What was answered; null takes an answer back. */
const Value = v.nullable(v.union([v.string(), v.number(), v.array(v.string())]))

const Entry = v.object({
  value: Value,
  /** What the server had when the person decided: tells a change of ours from somebody else's. */
  base: Value,
  /** Sent, without having heard what became of it: finding it at the server is no surprise. */
  tried: v.array(Value),
  /** New with each change, so that what was sent and what came after it are told apart. */
  stamp: v.string(),
  /** Why it is not accepted; it is then kept and not sent. */
  refused: v.exactOptional(v.string()),
  /** What somebody else answered meanwhile; it is then kept and not sent, until the person has chosen. */
  clash: v.exactOptional(
    v.object({
      theirs: Value,
      /** It was another tab of this browser; the server may know of neither. */
      nearby: v.exactOptional(v.literal(true)),
    }),
  ),
})

export type Value = v.InferOutput<typeof Value>
export type Entry = v.InferOutput<typeof Entry>
export type Answers = Readonly<Record<string, Value>>

export type Unsent = ReturnType<typeof unsentOf>

const PREFIX = 'crb.quiz-unsent.'

/** A key for each question: two tabs that answer different ones never write over each other. */
export function unsentOf(session: string) {
  const prefix = `${PREFIX}${session}.`
  const slot = (question: string) => stored(`quiz-unsent.${session}.${question}`, Entry)
  // Where the browser keeps nothing, the entries live as long as the tab.
  const memory = new Map<string, Entry>()
  return {
    entries(): ReadonlyMap<string, Entry> {
      const found = new Map<string, Entry>()
      for (const key of keysWith(prefix)) {
        const question = key.slice(prefix.length)
        const entry = slot(question).read()
        if (entry) found.set(question, entry)
      }
      for (const [question, entry] of memory) found.set(question, entry)
      return found
    },
    get(question: string): Entry | undefined {
      return memory.get(question) ?? slot(question).read()
    },
    put(question: string, entry: Entry): void {
      if (slot(question).write(entry)) memory.delete(question)
      else memory.set(question, entry)
    },
    drop(question: string): void {
      memory.delete(question)
      slot(question).clear()
    },
    /** Whether a reload would find everything again. */
    isKept: () => memory.size === 0,
    /** Whether a change of this storage key is one of these entries; null: everything was cleared. */
    owns: (key: string | null) => key === null || key.startsWith(prefix),
  }
}

/** Of every quiz: this browser starts anew. */
export function dropAllUnsent(): void {
  for (const key of keysWith(PREFIX)) window.localStorage.removeItem(key)
}

/** The answers as the API sends them, without what no question could have as its answer. */
export function readAnswers(given: Readonly<Record<string, unknown>>): Answers {
  const read: Record<string, Value> = {}
  for (const [question, value] of Object.entries(given)) {
    const parsed = v.safeParse(Value, value)
    if (parsed.success && parsed.output !== null) read[question] = parsed.output
  }
  return read
}

/** The order counts: the worst pain is the first one named. */
export function isSame(one: Value, other: Value): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => item === other[index])
  }
  return one === other
}

function keysWith(prefix: string): string[] {
  try {
    return Object.keys(window.localStorage).filter((key) => key.startsWith(prefix))
  } catch {
    return []
  }
}
