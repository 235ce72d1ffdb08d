import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { NewApiToken } from '../../../src/http/contract.ts';
import { Button } from '../display/button.tsx';
import { Section } from '../page/section.tsx';
import { NewToken } from './new-token.tsx';
import { TokenForm } from './token-form.tsx';
import { TokenList } from './token-list.tsx';

/** Tokens for scripts: those that there are, and the making of one. */
export function TokenSection() {
  const [made, setMade] = useState<NewApiToken | null>(null);
  const [isFormOpen, setIsFormOpen] = useState(false);

  function open() {
    setMade(null);
    setIsFormOpen(true);
  }

  function show(token: NewApiToken) {
    setIsFormOpen(false);
    setMade(token);
  }

  return (
    <Section
      title="API tokens"
      intro={
        <>
          For scripts: with a token they see what you see.{' '}
          <Link to="/developers" className="font-semibold text-accent hover:underline">
            What the API can do
          </Link>
        </>
      }
      action={!isFormOpen && <Button onClick={open}>New token</Button>}
    >
      {made && <NewToken token={made} onDone={() => setMade(null)} />}
      {isFormOpen && <TokenForm onMade={show} onCancel={() => setIsFormOpen(false)} />}
      <TokenList onRevoked={(id) => setMade((shown) => (shown?.id === id ? null : shown))} />
    </Section>
  );
}
