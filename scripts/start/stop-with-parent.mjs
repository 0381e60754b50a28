// Loaded before a child's own code (node --import): when the starter dies without a word, even by kill -9, the channel to it
// closes, and the child stops itself as gracefully as on Ctrl-C instead of running on as an orphan.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening holds the process open; the channel alone must not.
  process.channel.unref();
}
