/** The voltage in the lines of a reply to `ATRV` (`13.1V`), in V; undefined when it is none or none that a vehicle has. */
export function parseVoltage(lines: readonly string[]): number | undefined {
  const only = lines.length === 1 ? /^(\d{1,2}\.\d{1,2})\s?V$/.exec(lines[0] ?? '') : null;
  const voltageV = Number(only?.[1]);
  return only && voltageV <= 60 ? voltageV : undefined;
}
