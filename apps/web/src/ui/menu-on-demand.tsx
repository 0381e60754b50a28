'use client';
import { type ComponentType, cloneElement, type ReactElement, useState } from 'react';

/** A menu that gets its own button, so that it can open beside it at once. */
export interface MenuBodyProps {
  readonly trigger: ReactElement;
}

interface MenuOnDemandProps<P> {
  readonly trigger: ReactElement<{
    onClick?: () => void;
    onPointerEnter?: () => void;
    'aria-haspopup'?: 'menu';
    'aria-expanded'?: boolean;
  }>;
  /** The menu; it renders `trigger` as its target and is open when it appears. */
  readonly load: () => Promise<ComponentType<P & MenuBodyProps>>;
  readonly body: P;
}

/** A button whose menu is fetched when it is first wanted: menus are a third of a component library, and few are opened. */
export function MenuOnDemand<P extends object>({ trigger, load, body }: MenuOnDemandProps<P>) {
  const [Body, setBody] = useState<ComponentType<P & MenuBodyProps>>();
  if (Body) return <Body {...body} trigger={trigger} />;
  return cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: () => void load().catch(() => undefined),
    onClick: () =>
      void load()
        .then((component) => setBody(() => component))
        .catch(() => undefined),
  });
}
