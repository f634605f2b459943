// A thin bar for a share of something; the figure stands beside it.

interface MeterProps {
  value: number
  max: number
  label: string
  className: string
}

export const Meter = ({ value, max, label, className }: MeterProps) => (
  <progress
    value={value}
    max={max}
    aria-label={label}
    className={`h-2 appearance-none overflow-hidden rounded-full bg-rule [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-rule [&::-webkit-progress-value]:bg-accent ${className}`}
  />
)
