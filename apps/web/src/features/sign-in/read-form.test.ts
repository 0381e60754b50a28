import { describe, expect, it } from 'vitest';
import { readForm } from './read-form';

describe('sign-in form', () => {
  it('takes a good pair, and tidies the e-mail', () => {
    expect(readForm(' Claire@Demo.Example ', 'secret')).toEqual({
      ok: true,
      value: { email: 'claire@demo.example', password: 'secret' },
    });
  });

  it.each([
    ['', '', { email: 'emailMissing', password: 'passwordMissing' }],
    ['claire', 'x', { email: 'emailInvalid' }],
    ['claire@demo.example', '', { password: 'passwordMissing' }],
  ])('says of %j and %j what is missing', (email, password, problems) => {
    expect(readForm(email, password)).toEqual({ ok: false, problems });
  });
});
