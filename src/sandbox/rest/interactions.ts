import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import { composeMessage, createMessage, editMessage } from '../changes/messages.ts';
import { json, noContent } from '../http/answer.ts';
import {
  ApiError,
  invalidForm,
  unknownInteraction,
  unknownMessage,
  unknownWebhook,
} from '../http/api-error.ts';
import { type ApiRequest, bodyFields, queryBoolean } from '../http/request.ts';
import type { Interaction } from '../interaction-store.ts';
import type { Sandbox } from '../sandbox.ts';
import { messageView } from '../views/message.ts';
import type { WorldMessage } from '../world.ts';
import { readMessageFields } from './message-fields.ts';

/** The first answer to an interaction: a message, or the promise of one. Its token is all the right it needs. */
export function answerInteraction(sandbox: Sandbox, request: ApiRequest) {
  const interaction = sandbox.interactions.get(request.params.token ?? '');
  if (!interaction || interaction.id !== request.params.interaction) throw unknownInteraction();
  if (interaction.answers.length > 0) {
    throw new ApiError(400, 40060, 'Interaction has already been acknowledged.');
  }
  const body = bodyFields(request);
  if (typeof body.type !== 'number')
    throw invalidForm('type', 'BASE_TYPE_REQUIRED', 'This field is required');
  interaction.answers.push({ via: 'callback', body });
  interaction.isEphemeral = isEphemeral(body.data);
  if (body.type === InteractionResponseType.ChannelMessageWithSource) {
    writeOriginal(sandbox, interaction, objectOf(body.data));
  }
  if (!queryBoolean(request, 'with_response')) return noContent();
  const { id, original } = interaction;
  return json({ interaction: { id, type: 2, ...(original && { response_message_id: original.id }) } });
}

/** Fills in or changes the first answer. */
export function patchOriginal(sandbox: Sandbox, request: ApiRequest) {
  const interaction = findByToken(sandbox, request);
  const body = bodyFields(request);
  interaction.answers.push({ via: 'original', body });
  return json(view(sandbox, interaction, writeOriginal(sandbox, interaction, body)));
}

export function getOriginal(sandbox: Sandbox, request: ApiRequest) {
  const interaction = findByToken(sandbox, request);
  if (!interaction.original) throw unknownMessage();
  return json(view(sandbox, interaction, interaction.original));
}

export function postFollowUp(sandbox: Sandbox, request: ApiRequest) {
  const interaction = findByToken(sandbox, request);
  const body = bodyFields(request);
  interaction.answers.push({ via: 'follow-up', body });
  return json(view(sandbox, interaction, write(sandbox, interaction, body, isEphemeral(body))));
}

function findByToken({ state, interactions }: Sandbox, request: ApiRequest): Interaction {
  const interaction = interactions.get(request.params.token ?? '');
  if (!interaction || request.params.webhook !== state.world.application.id) throw unknownWebhook();
  return interaction;
}

function writeOriginal(
  sandbox: Sandbox,
  interaction: Interaction,
  body: Record<string, unknown>,
): WorldMessage {
  const { original, placed } = interaction;
  if (original && interaction.isEphemeral) return Object.assign(original, readMessageFields(placed, body));
  if (original) editMessage(sandbox.state, placed, original, readMessageFields(placed, body));
  const message = original ?? write(sandbox, interaction, body, interaction.isEphemeral);
  interaction.original = message;
  return message;
}

function write(
  { state }: Sandbox,
  { placed }: Interaction,
  body: Record<string, unknown>,
  isPrivate: boolean,
): WorldMessage {
  const draft = {
    ...readMessageFields(placed, body),
    author: state.world.bot,
    application_id: state.world.application.id,
  };
  return isPrivate ? composeMessage(state, placed, draft) : createMessage(state, placed, draft);
}

function view({ state }: Sandbox, { placed }: Interaction, message: WorldMessage) {
  return messageView(state, placed, message, { mayReadContent: true });
}

function isEphemeral(data: unknown): boolean {
  const { flags } = objectOf(data);
  return typeof flags === 'number' && (flags & MessageFlags.Ephemeral) !== 0;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
