import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../display/button.tsx';
import { ConfirmDialog } from '../display/confirm-dialog.tsx';
import { logOutEverywhere } from '../viewer/log-out.ts';

export function LogOutEverywhere() {
  const [isAsked, setIsAsked] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({ mutationFn: logOutEverywhere });
  return (
    <>
      <Button look="danger" onClick={() => setIsAsked(true)}>
        Log out everywhere
      </Button>
      {isAsked && (
        <ConfirmDialog
          title="Log out everywhere?"
          action="Log out"
          isBusy={isPending}
          error={error}
          onConfirm={() => mutate()}
          onClose={() => {
            setIsAsked(false);
            reset();
          }}
        >
          All your browsers are logged out, this one included. API tokens stay: revoke them one by one.
        </ConfirmDialog>
      )}
    </>
  );
}
