import type { Context } from 'hono';
import type { z } from 'zod';
import type { Viewer } from '../access/viewer.ts';
import type { Sight } from '../db/sight.ts';
import type { Services } from './services.ts';

/**
 * Who may come in. `anyone`: logged in or not. `manager`: whoever manages the guild that the door is about, as of this
 * minute. Whatever else a viewer may see is decided by the statements that look for it, through the viewer's `Sight`.
 */
export type Right = 'anyone' | 'viewer' | 'manager' | 'operator';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** How often one viewer, or one address, may come. `name`: doors of one name share the allowance. */
export type Limit = { name: string; by: 'viewer' | 'address'; count: number; perSecs: number };

export type Shape = Readonly<Record<string, z.ZodType>>;
type Read<Fields extends Shape> = { [Name in keyof Fields]: z.output<Fields[Name]> };

/** A request as its action gets it: all of it checked. */
export type Asked<Who, Path extends Shape, Query extends Shape, Body extends z.ZodType> = {
  path: Read<Path>;
  query: Read<Query>;
  body: z.output<Body>;
  viewer: Who;
  /** What the viewer sees, brought up to date once in the request. Only for those who are logged in. */
  sight(): Promise<Sight>;
  /** For what is not answered in JSON. */
  context: Context;
};

type UncheckedAsked<Who> = Asked<Who, Shape, Shape, z.ZodType>;

/** What happens behind a door, and how it is described. Made by `action` and its sisters, which know the types. */
export type Action<Who extends Viewer | null = Viewer> = {
  summary: string;
  path: Shape;
  query: Shape;
  body: z.ZodType | null;
  /** Others than us make the query, and may add to it: what is not of `query` is passed over, not refused. */
  isQueryOpen: boolean;
  /** Of a JSON answer; null: there is nothing to tell, or the answer is no JSON. */
  answer: z.ZodType | null;
  status: 200 | 201 | 202 | 204 | 302;
  /** Other statuses that come with the same answer, and what each means. */
  alsoAnswers: Readonly<Record<number, string>>;
  /** Of a manager's door: the guild that it is about, as far as the viewer sees it; null: not at all. */
  guildOf: ((services: Services, asked: UncheckedAsked<Viewer>) => Promise<string | null>) | null;
  handle(services: Services, asked: UncheckedAsked<Who>): unknown;
};

type Definition<
  Who,
  Path extends Shape,
  Query extends Shape,
  Body extends z.ZodType,
  Answer extends z.ZodType | null,
> = {
  summary: string;
  path?: Path;
  query?: Query;
  body?: Body;
  isQueryOpen?: boolean;
  answer: Answer;
  status?: Action['status'];
  alsoAnswers?: Action['alsoAnswers'];
  handle(
    services: Services,
    asked: Asked<Who, Path, Query, Body>,
  ): Answered<Answer> | Response | Promise<Answered<Answer> | Response>;
};

type Answered<Answer> = Answer extends z.ZodType ? z.input<Answer> : undefined;

/** Behind a door for those who are logged in. */
export function action<
  Answer extends z.ZodType | null,
  Path extends Shape = Record<never, never>,
  Query extends Shape = Record<never, never>,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: Definition<Viewer, Path, Query, Body, Answer>): Action {
  return { ...defaults, guildOf: null, ...definition } as Action;
}

/** Behind a door for anyone. */
export function openAction<
  Answer extends z.ZodType | null,
  Path extends Shape = Record<never, never>,
  Query extends Shape = Record<never, never>,
  Body extends z.ZodType = z.ZodUndefined,
>(definition: Definition<Viewer | null, Path, Query, Body, Answer>): Action<Viewer | null> {
  return { ...defaults, guildOf: null, ...definition } as Action<Viewer | null>;
}

/** Behind a door for those who manage a guild: the one that `guildOf` finds. */
export function managerAction<
  Answer extends z.ZodType | null,
  Path extends Shape = Record<never, never>,
  Query extends Shape = Record<never, never>,
  Body extends z.ZodType = z.ZodUndefined,
>(
  definition: Definition<Viewer, Path, Query, Body, Answer> & {
    guildOf(services: Services, asked: Asked<Viewer, Path, Query, Body>): Promise<string | null>;
  },
): ManagerAction {
  return { ...defaults, ...definition } as ManagerAction;
}

export type ManagerAction = Action & { guildOf: NonNullable<Action['guildOf']> };

const defaults = {
  path: {},
  query: {},
  body: null,
  isQueryOpen: false,
  status: 200,
  alsoAnswers: {},
} as const;

export type Door = {
  method: Method;
  /** With parameters as `:id`. */
  path: string;
  limits: readonly Limit[];
} & (
  | { right: 'anyone'; action: Action<Viewer | null> }
  | { right: Exclude<Right, 'anyone'>; action: Action }
);

/** @param limits See `limits.ts`. */
export function door(
  method: Method,
  path: string,
  right: 'anyone',
  action: Action<Viewer | null>,
  ...limits: Limit[]
): Door;
export function door(
  method: Method,
  path: string,
  right: 'viewer' | 'operator',
  action: Action,
  ...limits: Limit[]
): Door;
export function door(
  method: Method,
  path: string,
  right: 'manager',
  action: ManagerAction,
  ...limits: Limit[]
): Door;
export function door(
  method: Method,
  path: string,
  right: Right,
  action: Action<Viewer | null> | Action,
  ...limits: Limit[]
): Door {
  return { method, path, right, action, limits } as Door;
}
