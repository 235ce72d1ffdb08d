import { type Answer, json } from './answer.ts';

/** A refusal in Discord's own form; thrown by handlers, answered by the server. */
export class ApiError extends Error {
  readonly answer: Answer;

  constructor(status: number, code: number, message: string, extra: object = {}) {
    super(message);
    this.name = 'ApiError';
    this.answer = json({ message, code, ...extra }, status);
  }
}

export const unauthorized = () => new ApiError(401, 0, '401: Unauthorized');
export const notFound = () => new ApiError(404, 0, '404: Not Found');
export const methodNotAllowed = () => new ApiError(405, 0, '405: Method Not Allowed');
export const foreignUserAgent = () => new ApiError(403, 40333, 'internal network error');
export const unknownChannel = () => new ApiError(404, 10003, 'Unknown Channel');
export const unknownGuild = () => new ApiError(404, 10004, 'Unknown Guild');
export const unknownMember = () => new ApiError(404, 10007, 'Unknown Member');
export const unknownMessage = () => new ApiError(404, 10008, 'Unknown Message');
export const unknownUser = () => new ApiError(404, 10013, 'Unknown User');
export const unknownApplication = () => new ApiError(404, 10002, 'Unknown Application');
export const unknownInteraction = () => new ApiError(404, 10062, 'Unknown interaction');
export const unknownWebhook = () => new ApiError(404, 10015, 'Unknown Webhook');
export const missingAccess = () => new ApiError(403, 50001, 'Missing Access');
export const missingPermissions = () => new ApiError(403, 50013, 'Missing Permissions');
export const botsOnly = () => new ApiError(403, 20002, 'Only bots can use this endpoint');
export const emptyMessage = () => new ApiError(400, 50006, 'Cannot send an empty message');
export const wrongChannelType = () => new ApiError(400, 50024, 'Cannot execute action on this channel type');
export const archivedThread = () => new ApiError(400, 50083, 'Thread is archived');
export const invalidJson = () => new ApiError(400, 50109, 'The request body contains invalid JSON.');
export const guildUnavailable = () =>
  new ApiError(503, 130000, 'API resource is currently overloaded. Try again a little later');

/** Discord's answer to a malformed parameter or field: names it, under its path. */
export function invalidForm(field: string, code: string, message: string): ApiError {
  const error = { _errors: [{ code, message }] };
  const errors = field.split('.').reduceRight<object>((inner, key) => ({ [key]: inner }), error);
  return new ApiError(400, 50035, 'Invalid Form Body', { errors });
}
