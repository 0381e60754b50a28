export * from './catalogue.ts';
export type * from './metric.ts';
