import type { signInFr } from './messages.fr';

export const signInEn: typeof signInFr = { title: '' };
