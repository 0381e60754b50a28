import { needs, type ServerName } from '../needs.ts';

// Run by servers.test.ts with another environment, because answers are kept for the life of a process.
console.log(JSON.stringify(needs(process.argv[2] as ServerName)));
