import { startNats } from './nats.ts';

// Run by servers.test.ts and killed there: starts a server and never stops it.
const server = await startNats();
console.log(JSON.stringify({ pid: server.pid, folder: server.folder }));
setInterval(() => {}, 60_000);
