export * from './acknowledgement.ts';
export * from './batch.ts';
export * from './reading.ts';
export * from './screen.ts';
