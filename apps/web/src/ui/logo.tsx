/** The mark: an eye that witnesses. `currentColor`, so it follows the theme. */
export function Logo({ size = 32 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden>
      <path
        d="M3 16C6.6 9.6 11 6.6 16 6.6S25.4 9.6 29 16C25.4 22.4 21 25.4 16 25.4S6.6 22.4 3 16Z"
        stroke="currentColor"
        strokeWidth={2.6}
        strokeLinejoin="round"
      />
      <circle cx={16} cy={16} r={4.7} fill="currentColor" />
    </svg>
  );
}
