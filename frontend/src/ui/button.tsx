// Buttons, and links that look like them.
import { cva, type VariantProps } from 'class-variance-authority'
import type { ButtonHTMLAttributes, ReactNode } from 'react'

import { Link } from '@/lib/navigation'

/** The look alone, for a plain `<a>`: downloads, other documents, other sites. */
export const buttonLook = cva(
  'inline-flex min-h-11 items-center justify-center gap-2 rounded-lg px-5 py-2.5 text-center font-semibold transition-colors duration-150 aria-disabled:cursor-default aria-disabled:opacity-60 disabled:opacity-60',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-strong',
        secondary: 'border border-edge bg-paper text-ink hover:bg-surface',
        quiet: 'text-accent hover:bg-surface',
        danger: 'border border-bad bg-paper text-bad hover:bg-bad-tint',
      },
      size: { normal: '', small: 'px-3 py-1.5 text-sm', large: 'min-h-13 px-7 text-lg' },
    },
    defaultVariants: { variant: 'primary', size: 'normal' },
  },
)

type Look = VariantProps<typeof buttonLook>

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'>, Look {
  /** Shows a spinner and takes no click; stays focusable, so that the focus is not lost. */
  busy?: boolean
  disabled?: boolean
  children: ReactNode
}

export function Button({
  variant,
  size,
  busy = false,
  disabled = false,
  className,
  onClick,
  type = 'button',
  children,
  ...rest
}: ButtonProps) {
  const inert = busy || disabled
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={inert || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (inert) event.preventDefault()
        else onClick?.(event)
      }}
      className={buttonLook({ variant, size, className })}
    >
      {busy && <Spinner />}
      {children}
    </button>
  )
}

interface LinkButtonProps extends Look {
  to: string
  className?: string
  children: ReactNode
}

export const LinkButton = ({ to, variant, size, className, children }: LinkButtonProps) => (
  <Link to={to} className={buttonLook({ variant, size, className })}>
    {children}
  </Link>
)

export const Spinner = () => (
  <svg
    viewBox="0 0 24 24"
    className="size-5 animate-spin motion-reduce:animate-none"
    fill="none"
    aria-hidden="true"
  >
    <circle cx="12" cy="12" r="9" stroke="currentColor" strokeWidth="3" opacity="0.25" />
    <path d="M21 12a9 9 0 0 0-9-9" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
  </svg>
)
