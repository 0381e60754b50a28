/** Server for the tests to use instead of an embedded one; read by testing/ only. */
export const testDatabaseUrl = (): string | undefined => process.env.TEST_DATABASE_URL || undefined;
