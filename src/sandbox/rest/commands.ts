import { ApplicationCommandType } from 'discord-api-types/v10';
import type { Command } from '../command-store.ts';
import { json, noContent } from '../http/answer.ts';
import { ApiError, invalidForm, missingAccess, unknownApplication } from '../http/api-error.ts';
import { type ApiRequest, bodyFields, pathId } from '../http/request.ts';
import type { Sandbox } from '../sandbox.ts';
import { reachGuild } from './access.ts';

const MAX_COMMANDS = 100;
const commandName = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const GLOBAL = 'global';

export function listCommands(sandbox: Sandbox, request: ApiRequest) {
  return json(sandbox.commands.get(readScope(sandbox, request)) ?? []);
}

/** Replaces all commands of the scope. A command that keeps its name keeps its id. */
export function putCommands(sandbox: Sandbox, request: ApiRequest) {
  const scope = readScope(sandbox, request);
  if (!Array.isArray(request.body) || request.body.length > MAX_COMMANDS) {
    throw invalidForm('_', 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
  }
  const commands = request.body.map((fields: unknown, index) =>
    readCommand(
      sandbox,
      scope,
      typeof fields === 'object' && fields !== null ? { ...fields } : {},
      `${index}.`,
    ),
  );
  sandbox.commands.set(scope, commands);
  return json(commands);
}

/** Adds a command, or replaces the one of the same name and type. */
export function postCommand(sandbox: Sandbox, request: ApiRequest) {
  const scope = readScope(sandbox, request);
  const command = readCommand(sandbox, scope, bodyFields(request), '');
  const known = sandbox.commands.get(scope) ?? [];
  const others = known.filter(({ id }) => id !== command.id);
  sandbox.commands.set(scope, [...others, command]);
  return json(command, others.length === known.length ? 201 : 200);
}

export function deleteCommand(sandbox: Sandbox, request: ApiRequest) {
  const scope = readScope(sandbox, request);
  const id = pathId(request, 'command');
  const known = sandbox.commands.get(scope) ?? [];
  const others = known.filter((command) => command.id !== id);
  if (others.length === known.length) throw new ApiError(404, 10063, 'Unknown application command');
  sandbox.commands.set(scope, others);
  return noContent();
}

function readScope({ state }: Sandbox, request: ApiRequest): string {
  if (pathId(request, 'application') !== state.world.application.id) throw unknownApplication();
  if (request.params.guild === undefined) return GLOBAL;
  if (!state.world.guilds.get(pathId(request, 'guild'))?.botJoined) throw missingAccess();
  return reachGuild(state, request).id;
}

function readCommand(
  { state, commands }: Sandbox,
  scope: string,
  fields: Record<string, unknown>,
  path: string,
): Command {
  const type = typeof fields.type === 'number' ? fields.type : ApplicationCommandType.ChatInput;
  const { name } = fields;
  if (typeof name !== 'string' || !commandName.test(name) || name !== name.toLowerCase()) {
    throw invalidForm(`${path}name`, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
  }
  const description = typeof fields.description === 'string' ? fields.description : '';
  if (type === ApplicationCommandType.ChatInput && (description === '' || description.length > 100)) {
    throw invalidForm(`${path}description`, 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.');
  }
  const known = commands.get(scope)?.find((command) => command.name === name && command.type === type);
  return {
    default_member_permissions: null,
    nsfw: false,
    ...fields,
    id: known?.id ?? state.nextId(),
    application_id: state.world.application.id,
    version: state.nextId(),
    type,
    name,
    description,
    ...(scope === GLOBAL
      ? { dm_permission: true, contexts: null, integration_types: [0] }
      : { guild_id: scope }),
  };
}
