// The steps of the work: which are done, which one is under way, which are still to come.
import { PHASES } from '@/api/event'
import { progress as say } from '@messages/progress'

export const Stages = ({ done }: { done: number }) => (
  <section aria-labelledby="stages" className="grid content-start gap-4">
    <h2 id="stages" className="text-xl font-semibold">
      {say.stagesTitle}
    </h2>
    <ol className="grid gap-1">
      {PHASES.map((phase, index) => {
        const state = index < done ? 'done' : index === done ? 'now' : 'ahead'
        return (
          <li
            key={phase}
            aria-current={state === 'now' ? 'step' : undefined}
            className={`flex gap-3 rounded-lg px-3 py-2.5 ${state === 'now' ? 'bg-tint' : ''}`}
          >
            <Sign state={state} />
            <div>
              <p className={state === 'ahead' ? 'text-muted' : 'font-medium'}>
                {say.stages[phase].title}
                <span className="sr-only"> ({say.stage[state]})</span>
              </p>
              {/* Always there, so that nothing jumps as the work goes on. */}
              <p className="text-sm text-muted">{say.stages[phase].text}</p>
            </div>
          </li>
        )
      })}
    </ol>
  </section>
)

const Sign = ({ state }: { state: 'done' | 'now' | 'ahead' }) => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.5"
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    className={`mt-0.5 size-5 shrink-0 ${state === 'done' ? 'text-good' : state === 'now' ? 'animate-spin text-accent motion-reduce:animate-none' : 'text-edge'}`}
  >
    {state === 'done' && <path d="m4 12.5 5.5 5.500L20 6.500" />}
    {state === 'now' && (
      <>
        <circle cx="12" cy="12" r="9" opacity="0.25" />
        <path d="M21 12a9 9 0 0 0-9-9" />
      </>
    )}
    {state === 'ahead' && <circle cx="12" cy="12" r="4" />}
  </svg>
)
