'use client';
import type { Action } from '@temoin/shared/accounts';
import { useStore } from 'zustand';
import { session } from '@/lib/session';

/** Whether this person may do something. The server decides again; this only spares people doors that are closed to them. */
export const useMay = (action: Action): boolean =>
  useStore(session, (state) => state.person?.permissions.includes(action) ?? false);
