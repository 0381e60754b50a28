import {
  IconAlertOctagon,
  IconAlertSquareRounded,
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
} from '@tabler/icons-react';

export type Severity = 'info' | 'attention' | 'serious' | 'critical' | 'settled';

const ICONS = {
  info: IconInfoCircle,
  attention: IconAlertSquareRounded,
  serious: IconAlertTriangle,
  critical: IconAlertOctagon,
  settled: IconCircleCheck,
} as const;

/** Severity as shape and colour; put the word beside it. */
export function SeverityIcon({ severity, size = 18 }: { readonly severity: Severity; readonly size?: number }) {
  const Icon = ICONS[severity];
  return <Icon size={size} stroke={1.75} color={`var(--${severity})`} aria-hidden style={{ flex: 'none' }} />;
}
