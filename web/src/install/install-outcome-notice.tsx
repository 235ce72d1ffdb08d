import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '../display/button.tsx';
import { CheckIcon, WarningIcon } from '../display/icons.tsx';
import { Notice } from '../display/notice.tsx';
import { loginUrl } from '../login/login-url.ts';
import { installOutcomes, type NextStep } from './install-outcomes.ts';
import type { InstallOutcome } from './install-search.ts';

type InstallOutcomeNoticeProps = { outcome: InstallOutcome; guildId: string | undefined };

/** How an install ended, and what to do next; the first step is the one to take. */
export function InstallOutcomeNotice({ outcome, guildId }: InstallOutcomeNoticeProps) {
  const { title, sentences, steps } = installOutcomes[outcome];
  const isFine = outcome === 'already_installed';
  return (
    <Notice
      level={1}
      icon={isFine ? <CheckIcon className="size-8" /> : <WarningIcon className="size-8" />}
      title={title}
      action={steps.map((step, index) => (
        <Step key={step} step={step} guildId={guildId} look={index === 0 ? 'primary' : 'quiet'} />
      ))}
    >
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  );
}

type StepProps = { step: NextStep; guildId: string | undefined; look: 'primary' | 'quiet' };

function Step({ step, guildId, look }: StepProps): ReactNode {
  const className = buttonClass(look);
  switch (step) {
    case 'again':
      return (
        <Link to="/install" search={guildId ? { guild_id: guildId } : {}} className={className}>
          Begin again
        </Link>
      );
    case 'choose':
      return (
        guildId && (
          <Link to="/install" search={{}} className={className}>
            Choose another server
          </Link>
        )
      );
    case 'log_in':
      return (
        <a href={loginUrl('/install')} className={className}>
          Log in with Discord
        </a>
      );
    case 'guild':
      return guildId && <ToGuild guildId={guildId} className={className} />;
  }
}

function ToGuild({ guildId, className }: { guildId: string; className: string }) {
  return (
    <>
      <Link to="/guilds/$guildId/setup" params={{ guildId }} className={className}>
        Go to its set-up
      </Link>
      <Link to="/" search={{ guild: guildId }} className={buttonClass('quiet')}>
        Look at its videos
      </Link>
    </>
  );
}
