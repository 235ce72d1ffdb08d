/** A program that is told to stop and does not; prints a line when it starts, and for each signal that reaches it. */
import { watchInterrupts } from '../../src/commands/interrupt.ts';

const interrupt = watchInterrupts();
const say = (event: string) => process.stdout.write(`${JSON.stringify({ event })}\n`);
interrupt.signal.addEventListener('abort', () => say('aborted'));
process.on('SIGINT', () => say('signal'));
setInterval(() => {}, 1_000);
say('started');
