import type { signInFr } from './messages.fr';

export const signInEn: typeof signInFr = {
  title: 'Sign in',
  email: 'E-mail',
  password: 'Password',
  submit: 'Sign in',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
  capsLock: 'Caps Lock is on.',
  emailMissing: 'Enter your e-mail. Example: claire@demo.example',
  emailInvalid: 'The e-mail is incomplete. Example: claire@demo.example',
  passwordMissing: 'Enter your password.',
  problems: '{count, plural, one {One thing to correct} other {# things to correct}}',
  refused: 'Sign-in refused',
  retryAfter: 'Try again in {span}.',
  demoTitle: 'Demonstration accounts',
  demoText: 'One press signs in. The password is public, this data is fictitious.',
  ended: 'Your session has ended. Sign in to carry on.',
  signedOut: 'You are signed out. The copies on this device are erased.',
};
