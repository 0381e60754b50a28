import Fastify from 'fastify';
import { Server } from 'socket.io';

// The rival of the live benchmark, in a process of its own: a reading comes in and goes out to everybody at once.

const app = Fastify();
const sockets = new Server(app.server, { transports: ['websocket'] });
app.post('/readings', async (request) => {
  sockets.emit('reading', request.body);
  return { ok: true };
});
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
process.once('SIGTERM', async () => {
  await sockets.close();
});
