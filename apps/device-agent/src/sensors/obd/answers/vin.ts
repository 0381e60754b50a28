const VIN = /^[A-HJ-NPR-Z0-9]{17}$/;

/**
 * The vehicle identification number in an answer to 0902, from what follows service and PID: on CAN a count of 1, elsewhere
 * three zeros, before 17 letters and digits. Undefined when it is none (many cars answer with zeros or blanks).
 */
export function vinOf(data: readonly number[]): string | undefined {
  const printable = data.filter((byte) => byte > 0x20 && byte < 0x7f);
  const text = String.fromCharCode(...printable);
  return VIN.test(text) ? text : undefined;
}
