import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { Button } from '../display/button.tsx';
import { inputClass } from '../display/field.tsx';
import { Problem } from '../display/problem.tsx';
import type { Operation, Schema } from './api-description.ts';
import { CodeBlock } from './code-block.tsx';
import { exampleBody } from './example-body.ts';
import { ParameterField } from './parameter-field.tsx';
import { curlText, isComplete } from './request-text.ts';
import { sendRequest } from './send-request.ts';

type TryOperationProps = { operation: Operation; schemas: Record<string, Schema> };

/** Sends the request with the viewer's session, and shows the same for a shell. Nothing is sent before one says so. */
export function TryOperation({ operation, schemas }: TryOperationProps) {
  const { parameters, body, changesSomething } = operation;
  const [values, setValues] = useState<Record<string, string>>({});
  const [bodyText, setBodyText] = useState(() => (body ? exampleBody(body, schemas) : ''));
  const inputs = { values, body: bodyText };
  const {
    mutate,
    isPending,
    data: answer,
    error,
  } = useMutation({
    mutationFn: () => sendRequest(operation, inputs),
  });
  const bodyId = useId();

  function submit(event: FormEvent) {
    event.preventDefault();
    mutate();
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      {parameters.length > 0 && <h3 className="font-semibold">Parameters</h3>}
      {parameters.map((parameter) => (
        <ParameterField
          key={parameter.name}
          parameter={parameter}
          value={values[parameter.name] ?? ''}
          onChange={(value) => setValues({ ...values, [parameter.name]: value })}
        />
      ))}
      {body && (
        <div>
          <label htmlFor={bodyId} className="font-medium">
            Body to send
          </label>
          <textarea
            id={bodyId}
            value={bodyText}
            rows={Math.min(12, bodyText.split('\n').length + 1)}
            spellCheck={false}
            onChange={(event) => setBodyText(event.target.value)}
            className={`${inputClass} mt-1 font-mono sm:text-xs`}
          />
        </div>
      )}
      <CodeBlock label="With curl" text={curlText(operation, inputs, window.location.origin)} />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          look={changesSomething ? 'danger' : 'quiet'}
          isBusy={isPending}
          isDisabled={!isComplete(operation, inputs)}
        >
          Send
        </Button>
        {changesSomething && <span className="text-muted">It is carried out: nothing here is for show.</span>}
      </div>
      <Problem error={error} />
      <div role="status">
        {answer && (
          <>
            <p className="mb-1 font-semibold">{answer.title}</p>
            {answer.text !== '' && <CodeBlock label="What came back" text={answer.text} />}
          </>
        )}
      </div>
    </form>
  );
}
