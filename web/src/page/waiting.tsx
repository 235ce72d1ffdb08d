import { Brand } from './brand.tsx';

/** While it is not known yet what the page will be: nothing that would have to be taken back. */
export function Waiting() {
  return (
    <>
      <header className="border-b border-line">
        <div className="mx-auto flex h-14 max-w-[110rem] items-center px-4 sm:px-6">
          <Brand />
        </div>
      </header>
      <p role="status" className="sr-only">
        Loading
      </p>
    </>
  );
}
