#!/usr/bin/env node
import { watchInterrupts } from './commands/interrupt.ts';
import { Output } from './commands/output.ts';
import { runProgram } from './commands/program.ts';

const args = process.argv.slice(2);
const interrupt = watchInterrupts();
const output = new Output(args.includes('--json'), interrupt.abort);
process.exitCode = await runProgram(args, output, interrupt);
interrupt.stop();
