import { useRef } from 'react';

/** The list of before while its items are the same ones: lists are made anew with every render, what they hold is not. */
export function useSame<T>(list: readonly T[]): readonly T[] {
  const known = useRef(list);
  const isSame = known.current.length === list.length && list.every((item, i) => Object.is(item, known.current[i]));
  if (!isSame) known.current = list;
  return known.current;
}
