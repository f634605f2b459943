// The picture that link previews show, 1200 by 630: taken of this by `npm run preview-image`, and kept in `public/`.
import { frame } from '@messages/frame'
import { landing as say } from '@messages/landing'
import { OptionCard } from '@/pages/landing/option-card'
import { Mark } from '@/ui/page'

export const Preview = () => (
  <main className="grid h-[630px] w-[1200px] grid-cols-[1fr_500px] items-center gap-14 border-t-8 border-accent bg-paper px-16">
    <div className="grid gap-8">
      <p className="flex items-center gap-3 text-2xl font-semibold">
        <Mark /> {frame.name}
      </p>
      <h1 className="text-5xl leading-[1.12] font-semibold">{say.hero.title}</h1>
      <p className="text-2xl text-muted">{frame.promise}</p>
    </div>
    <OptionCard />
  </main>
)
