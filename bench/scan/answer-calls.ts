/** The calls that a child process answers: for each its input and its output. */
export type Calls = Record<string, { input: object; output: object }>;

export type Call = { name: string; input: object };
export type Answer = { output: object } | { error: string } | { progress: string };

/** Answers the calls of the parent process, one after another, until it disconnects. */
export function answerCalls<Known extends Calls>(
  handlers: {
    [Name in keyof Known]: (input: Known[Name]['input']) => Promise<Known[Name]['output']>;
  },
): void {
  process.on('message', (call: Call) => {
    const handler = handlers[call.name] as (input: object) => Promise<object>;
    handler(call.input).then(
      (output) => process.send?.({ output }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
}

/** A line for whoever waits: of a child through its parent, which alone writes to the terminal. */
export function report(line: string): void {
  if (process.send) process.send({ progress: line });
  else process.stderr.write(`${line}\n`);
}
