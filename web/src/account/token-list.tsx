import { useState } from 'react';
import type { ApiToken } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { ConfirmDialog } from '../display/confirm-dialog.tsx';
import { formatDate } from '../display/format.ts';
import { Loaded } from '../display/loaded.tsx';
import { PostedAt } from '../videos/posted-at.tsx';
import { useRevokeToken, useTokens } from './account-queries.ts';

export function TokenList({ onRevoked }: { onRevoked: (id: string) => void }) {
  const { data: tokens, error, refetch } = useTokens();
  return (
    <Loaded data={tokens} error={error} onRetry={refetch} label="Loading your tokens">
      {(all) =>
        all.length === 0 ? (
          <p className="text-sm text-muted">You have no token.</p>
        ) : (
          <ul aria-label="Your tokens" className="-my-2 divide-y divide-line">
            {all.map((token) => (
              <TokenRow key={token.id} token={token} onRevoked={onRevoked} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

type TokenRowProps = { token: ApiToken; onRevoked: (id: string) => void };

function TokenRow({ token, onRevoked }: TokenRowProps) {
  const [isAsked, setIsAsked] = useState(false);
  const { mutate, isPending, error, reset } = useRevokeToken();
  return (
    <li className="flex items-center gap-4 py-3">
      <div className="min-w-0 grow">
        <p className="flex flex-wrap items-center gap-x-2.5">
          <span className="min-w-0 font-medium break-words">{token.name}</span>
          <span className="rounded border border-line px-1.5 text-xs leading-5 text-muted">
            {token.scope === 'manage' ? 'Manage' : 'Read'}
          </span>
        </p>
        <p className="text-sm text-pretty text-muted">
          {lifeOf(token)}, <LastUse at={token.lastUsedAt} />
        </p>
      </div>
      <Button look="quiet" label={`Revoke ${token.name}`} onClick={() => setIsAsked(true)}>
        Revoke
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={`Revoke “${token.name}”?`}
          action="Revoke it"
          isBusy={isPending}
          error={error}
          onConfirm={() => mutate(token.id, { onSuccess: () => onRevoked(token.id) })}
          onClose={() => {
            setIsAsked(false);
            reset();
          }}
        >
          Scripts that use it are refused from then on. It cannot be brought back.
        </ConfirmDialog>
      )}
    </li>
  );
}

function LastUse({ at }: { at: string | null }) {
  if (at === null) return 'never used';
  return (
    <>
      last used <PostedAt at={at} />
    </>
  );
}

function lifeOf({ createdAt, expiresAt }: ApiToken): string {
  const made = `Made ${formatDate(createdAt)}`;
  if (expiresAt === null) return `${made}, does not end`;
  return `${made}, ${Date.parse(expiresAt) < Date.now() ? 'ended' : 'ends'} ${formatDate(expiresAt)}`;
}
