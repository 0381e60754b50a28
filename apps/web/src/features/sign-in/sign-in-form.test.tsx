import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/lib/api-error';
import { renderPage } from '@/testing/render-page';
import { SignInForm } from './sign-in-form';
import type { Signing } from './use-sign-in';

const signing = (more: Partial<Signing> = {}): Signing => ({
  isBusy: false,
  error: undefined,
  start: vi.fn(async () => undefined),
  forgetError: vi.fn(),
  ...more,
});
const submit = () => fireEvent.click(screen.getByRole('button', { name: 'Se connecter' }));
afterEach(cleanup);

describe('sign-in form', () => {
  it('says on top and under each field what is missing, and asks nobody', () => {
    const given = signing();
    renderPage(<SignInForm signing={given} />);
    submit();
    const summary = screen.getByRole('alert');
    expect(summary.textContent).toContain('2 points à corriger');
    expect(document.activeElement).toBe(summary);
    expect(screen.getAllByText('Saisissez votre mot de passe.')).toHaveLength(2);
    expect(screen.getByLabelText('E-mail').getAttribute('aria-invalid')).toBe('true');
    expect(given.start).not.toHaveBeenCalled();
  });

  it('signs in with the tidied e-mail', () => {
    const given = signing();
    renderPage(<SignInForm signing={given} />);
    fireEvent.change(screen.getByLabelText('E-mail'), { target: { value: ' Claire@Demo.Example' } });
    fireEvent.change(screen.getByLabelText('Mot de passe'), { target: { value: 'secret' } });
    submit();
    expect(given.start).toHaveBeenCalledWith('claire@demo.example', 'secret');
  });

  it('tells a refusal in words that say what to do, and when to try again', () => {
    renderPage(
      <SignInForm signing={signing({ error: new ApiError('too_many_requests', { status: 429, retryAfterS: 90 }) })} />,
    );
    expect(screen.getByRole('alert').textContent).toMatch(/Trop de demandes.*Réessayez dans 1\u00a0min/);
  });

  it('notes Caps Lock while it is on', () => {
    renderPage(<SignInForm signing={signing()} />);
    const field = screen.getByLabelText('Mot de passe');
    // happy-dom knows no lock keys.
    const press = new KeyboardEvent('keydown', { key: 'A', bubbles: true });
    Object.defineProperty(press, 'getModifierState', { value: (key: string) => key === 'CapsLock' });
    fireEvent(field, press);
    expect(screen.queryByText('Verrouillage majuscules activé.')).not.toBeNull();
    fireEvent.blur(field);
    expect(screen.queryByText('Verrouillage majuscules activé.')).toBeNull();
  });
});
