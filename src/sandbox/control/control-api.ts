import { type Answer, json } from '../http/answer.ts';
import { notFound } from '../http/api-error.ts';
import type { ApiRequest } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { channelControls } from './channel-controls.ts';
import type { Control } from './control.ts';
import { faultControls } from './fault-controls.ts';
import { ControlError, readFields } from './fields.ts';
import { gatewayControls } from './gateway-controls.ts';
import { guildControls } from './guild-controls.ts';
import { interactionControls } from './interaction-controls.ts';
import { memberControls } from './member-controls.ts';
import { messageControls } from './message-controls.ts';
import { oauthControls } from './oauth-controls.ts';
import { threadControls } from './thread-controls.ts';
import { worldControls } from './world-controls.ts';

/** All that can be done to the sandbox from outside, by name. */
const controls = new Map<string, Control>(
  [
    ...worldControls,
    ...messageControls,
    ...channelControls,
    ...threadControls,
    ...guildControls,
    ...memberControls,
    ...interactionControls,
    ...oauthControls,
    ...gatewayControls,
    ...faultControls,
  ].map((control) => [control.name, control]),
);

/** `GET /_sandbox`: the list, with short help. */
export function describeControls(): Answer {
  return json({
    usage: 'POST /_sandbox/<name> with a JSON object; names without fields also answer GET',
    controls: [...controls.values()].map(({ name, help, fields }) => ({ name, help, fields })),
  });
}

export function runControl(sandbox: Sandbox, request: ApiRequest): Answer {
  const control = controls.get(request.params.command ?? '');
  if (!control) throw notFound();
  try {
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      throw new ControlError('_', 'Pages of other sites may not control the sandbox');
    }
    const body = readObject(request);
    refuseUnknownFields(control, body);
    return json(control.run(sandbox, readFields(body)) ?? {});
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    return json({ field: error.field, message: error.message }, 400);
  }
}

function readObject({ method, body }: ApiRequest): Record<string, unknown> {
  if (body === undefined || method === 'GET') return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  throw new ControlError('_', 'The body must be a JSON object');
}

function refuseUnknownFields({ name, fields }: Control, body: Record<string, unknown>): void {
  const known = Object.keys(fields).map((field) => field.replace('?', ''));
  const unknown = Object.keys(body).find((field) => !known.includes(field));
  if (unknown === undefined) return;
  throw new ControlError(unknown, `${unknown}: ${name} takes ${known.join(', ') || 'no fields'}`);
}
