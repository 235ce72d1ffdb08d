import type { NewApiToken } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { Callout } from '../display/callout.tsx';
import { CopyField } from '../display/copy-field.tsx';

/** A token that was just made: the only time that it can be seen. */
export function NewToken({ token, onDone }: { token: NewApiToken; onDone: () => void }) {
  return (
    <div className="mb-6">
      <Callout look="good" title={`The token “${token.name}” is made`}>
        <p className="mb-3">
          Copy it now: Clipdex keeps only a fingerprint of it, and cannot show it again. Whoever has it sees
          what you see.
        </p>
        <CopyField label={`Token ${token.name}`} text={token.token} />
        <div className="mt-3">
          <Button look="quiet" onClick={onDone}>
            I have it
          </Button>
        </div>
      </Callout>
    </div>
  );
}
