// What stands in a page's place while its code or its data comes: still, and said once to screen readers.
import { frame as say } from '@messages/frame'

/** The same blocks as the skeleton in the server's documents, so that nothing jumps. */
export const PageSkeleton = () => (
  <div className="frame grid gap-4 py-28" aria-busy="true">
    <p className="sr-only" role="status">
      {say.loading}
    </p>
    <Block className="h-10 w-2/3" />
    <Block className="h-5 w-full" />
    <Block className="h-5 w-5/6" />
    <Block className="mt-4 h-48 w-full" />
  </div>
)

export const Block = ({ className }: { className: string }) => (
  <div aria-hidden="true" className={`rounded-lg bg-surface ${className}`} />
)
