import { Logo } from '@/ui/logo';
import classes from './shell.module.css';

/** The frame of every page without a word in it: what the prepared HTML shows until scripts run. */
export function BootSkeleton() {
  return (
    <div className={classes.boot} aria-hidden>
      <Logo size={40} />
    </div>
  );
}
