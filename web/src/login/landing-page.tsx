import type { ReactNode } from 'react';
import { buttonClass } from '../display/button.tsx';
import { useInstance } from '../page/instance-query.ts';
import { Shell } from '../page/shell.tsx';
import { LoginLink } from './login-link.tsx';
import { PosterWall } from './poster-wall.tsx';

type LandingPageProps = {
  /** What has just happened, if anything has. */
  note?: ReactNode;
  /** Where it is a page of its own that is asked for, not the library. */
  titles?: string[];
};

/** For everybody who is not logged in: what Clipdex is, and what a login asks for. */
export function LandingPage({ note, titles = [] }: LandingPageProps) {
  return (
    <Shell titles={titles}>
      {note && <div className="mb-8">{note}</div>}
      <div className="grid items-center gap-x-12 gap-y-10 py-4 md:grid-cols-[3fr_2fr] md:py-12">
        <div>
          <h1 className="text-3xl font-bold tracking-tight text-balance sm:text-4xl">
            Every video of your Discord servers, in one place
          </h1>
          <p className="mt-4 text-lg text-pretty text-muted">
            Clipdex finds every video that was ever posted in the channels of your servers, and keeps it
            playable. You see what you may see on Discord, and nothing else.
          </p>
          <div className="mt-7">
            <LoginLink className={`${buttonClass()} px-6 py-3 text-base`}>Log in with Discord</LoginLink>
          </div>
          <SandboxNote />
        </div>
        <PosterWall />
      </div>
      <WhatLoginAsksFor />
    </Shell>
  );
}

function SandboxNote() {
  if (useInstance()?.isSandbox !== true) return null;
  return (
    <p className="mt-4 max-w-prose text-sm text-pretty text-muted">
      This Clipdex runs with a <strong className="font-semibold text-ink">sandbox</strong>: a Discord made up
      on this machine. You choose which of its people you are, and no password is asked.
    </p>
  );
}

function WhatLoginAsksFor() {
  return (
    <section aria-labelledby="login-asks" className="mt-6 border-t border-line pt-8">
      <h2 id="login-asks" className="font-semibold">
        What the login asks for
      </h2>
      <dl className="mt-3 grid gap-x-8 gap-y-4 text-sm sm:grid-cols-3">
        <Asked name="Who you are" scope="identify">
          Your name on Discord, so that Clipdex knows you again. Not your e-mail address.
        </Asked>
        <Asked name="Which servers you are in" scope="guilds">
          So that you see the videos of your servers, and of those channels that you can read.
        </Asked>
        <div>
          <dt className="font-medium">Nothing else</dt>
          <dd className="mt-1 text-pretty text-muted">
            Nothing is posted for you, no message of yours is read by it, and your password stays with
            Discord.
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Asked({ name, scope, children }: { name: string; scope: string; children: string }) {
  return (
    <div>
      <dt className="font-medium">
        {name} <code className="rounded bg-raised px-1 text-xs font-normal text-muted">{scope}</code>
      </dt>
      <dd className="mt-1 text-pretty text-muted">{children}</dd>
    </div>
  );
}
